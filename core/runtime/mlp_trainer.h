// Gradient descent on the last layers of an MLP, a batch of rows at a time, by a kernel of XNNPACK.
#ifndef PALATE_RUNTIME_MLP_TRAINER_H_
#define PALATE_RUNTIME_MLP_TRAINER_H_

#include <cstddef>
#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// Holds copies of the layers that it trains. ReLU between the layers, one output. The parameters,
/// and their gradient, are one row of numbers: layer after layer its weights, then its biases.
class MlpTrainer {
 public:
  /// Trains the last `trained` layers, one at least; batches have `most_rows` rows at most. Borrows
  /// the layers, in whose weights, floats, the parameters start.
  static Result<MlpTrainer> create(std::span<const DenseLayerView> layers, std::size_t trained,
                                   std::size_t most_rows);

  /// As they are now; valid while the trainer is, moved or not.
  std::span<const DenseLayerView> layers() const { return layers_; }
  std::size_t first_trained() const { return first_trained_; }

  /// A row of the batch, to be written before `forward`.
  std::span<float> input(std::size_t row) {
    return {activations_.data() + row * layers_.front().inputs, layers_.front().inputs};
  }

  /// The outputs of the first `rows` rows, valid until the next call.
  std::span<const float> forward(std::size_t rows);

  /// The gradient of sum_r signals[r] * output_r by the parameters, of the batch that went forward
  /// last.
  std::span<const float> backward(std::span<const float> signals);

  /// parameters -= rate * gradient, by the gradient found last.
  void step(float rate);

  /// Draws the parameters back to where they started by a share of the way; then, where they have
  /// come further from there than `reach` times the length of what stands there, to that far.
  void restrain(float share, float reach);

 private:
  MlpTrainer() = default;

  template <class Visit>
  void each_parameter(Visit visit);
  void reset();
  Status reserve(std::span<const DenseLayerView> given, std::size_t most_rows);
  float* activations(std::size_t layer) { return activations_.data() + starts_[layer]; }
  void run_backward(std::size_t layer, std::size_t rows, float* gradient);

  std::vector<DenseLayerView> layers_;
  std::vector<DenseLayerView> shipped_;  // those that are trained
  std::vector<std::size_t> starts_;      // of each layer's inputs in activations_, then the outputs
  std::size_t first_trained_ = 0;
  std::size_t parameter_count_ = 0;
  Buffer<float> parameters_;
  Buffer<float> gradient_;
  Buffer<float> activations_;
  Buffer<float> signal_;  // by a layer's outputs
  Buffer<float> next_signal_;
  Buffer<float> turned_;  // a signal, by outputs
  Buffer<float> packed_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_MLP_TRAINER_H_
