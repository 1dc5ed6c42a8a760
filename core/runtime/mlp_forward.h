// A multilayer perceptron's way forward, run by XNNPACK.
#ifndef PALATE_RUNTIME_MLP_FORWARD_H_
#define PALATE_RUNTIME_MLP_FORWARD_H_

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"

struct xnn_operator;

namespace palate::internal {

/// Takes a block of rows at a time; keeps its memory from one block to the next. ReLU between the
/// layers, one output.
class MlpForward {
 public:
  /// Rows of a block: enough to keep the kernels busy, few enough for them to stay in the cache.
  static constexpr std::size_t kBlockRows = 128;

  /// Borrows the layers. `kModelUnsupported` when XNNPACK cannot run here, `kMemory` when it gets
  /// none.
  static Result<MlpForward> create(std::span<const DenseLayerView> layers);

  std::size_t input_size() const { return layers_.front().inputs; }

  /// A row of the block, to be written before `run`.
  std::span<float> input(std::size_t row) {
    return {input_.data() + row * input_size(), input_size()};
  }

  /// The outputs of the first `rows` rows of the block, valid until the next run.
  Result<std::span<const float>> run(std::size_t rows);

 private:
  struct DeleteOperator {
    void operator()(xnn_operator* op) const;
  };
  using Operator = std::unique_ptr<xnn_operator, DeleteOperator>;

  explicit MlpForward(std::span<const DenseLayerView> layers) : layers_(layers) {}

  Status create_operators();
  Status reserve();

  std::span<const DenseLayerView> layers_;
  std::vector<Operator> operators_;  // one a layer
  Buffer<float> input_;
  Buffer<float> even_;  // outputs of layers 0, 2, ...
  Buffer<float> odd_;   // outputs of layers 1, 3, ...
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_MLP_FORWARD_H_
