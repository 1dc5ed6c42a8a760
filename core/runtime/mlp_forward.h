// A multilayer perceptron's way forward, by a kernel of XNNPACK.
#ifndef PALATE_RUNTIME_MLP_FORWARD_H_
#define PALATE_RUNTIME_MLP_FORWARD_H_

#include <cstddef>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"

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

  /// A row of the block, to be written before `run`.
  std::span<float> input(std::size_t row) {
    return {input_.data() + row * input_size(), input_size()};
  }

  /// The outputs of the first `rows` rows of the block, valid until the next run.
  Result<std::span<const float>> run(std::size_t rows);

 private:
  explicit MlpForward(std::span<const DenseLayerView> layers)
      : layers_(layers), hidden_(layers.first(layers.size() - 1)) {}

  Status reserve();
  void pack();

  std::span<const DenseLayerView> layers_;
  std::span<const DenseLayerView> hidden_;  // all but the last
  Buffer<float> packed_;  // weights and biases of the hidden layers, as the kernel reads them
  Buffer<float> input_;
  Buffer<float> even_;  // outputs of layers 0, 2, ...
  Buffer<float> odd_;   // outputs of layers 1, 3, ...
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_MLP_FORWARD_H_
