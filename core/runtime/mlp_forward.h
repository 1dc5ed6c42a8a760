// A multilayer perceptron's way forward, by a kernel of XNNPACK, or by bytes.
#ifndef PALATE_RUNTIME_MLP_FORWARD_H_
#define PALATE_RUNTIME_MLP_FORWARD_H_

#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/byte_layer.h"
#include "runtime/packed_layer.h"

namespace palate::internal {

/// Takes a block of rows at a time; keeps its memory from one block to the next. ReLU between the
/// layers, one output.
class MlpForward {
 public:
  /// Rows of a block: enough to keep the kernels busy, few enough for them to stay in the cache.
  static constexpr std::size_t kBlockRows = 128;

  /// Borrows the layers. `kMemory` when there is none.
  static Result<MlpForward> create(std::span<const DenseLayerView> layers);

  std::size_t input_size() const { return layers_.front().inputs; }

  /// A row of the block, to be written before `run`; the next one lies right behind it.
  std::span<float> input(std::size_t row) {
    return {input_.data() + row * input_size(), input_size()};
  }

  /// The outputs of the first `rows` rows of the block, valid until the next run.
  Result<std::span<const float>> run(std::size_t rows);

 private:
  explicit MlpForward(std::span<const DenseLayerView> layers) : layers_(layers) {}

  Status reserve();

  std::span<const DenseLayerView> layers_;
  std::vector<std::variant<PackedLayer, ByteLayer>> hidden_;  // all but the last
  Buffer<float> input_;
  Buffer<float> even_;  // outputs of layers 0, 2, ...
  Buffer<float> odd_;   // outputs of layers 1, 3, ...
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_MLP_FORWARD_H_
