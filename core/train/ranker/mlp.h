// A multilayer perceptron with a logit at its end: forward, backward, in batches.
#ifndef PALATE_TRAIN_RANKER_MLP_H_
#define PALATE_TRAIN_RANKER_MLP_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/model_writer.h"
#include "palate/random.h"
#include "train/dense_layer.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// ReLU between fully connected layers, one output. All weights and biases lie in one vector, so
/// that an optimiser needs to know nothing of layers.
class Mlp {
 public:
  struct Layer : DensePlace {
    std::size_t carriers = 0;  ///< how many units, the first ones, carry the start
  };

  /// What a batch leaves on its way forward, for the way back. Reused from batch to batch.
  struct Workspace {
    std::vector<std::vector<float>> outputs;  ///< of each layer: rows x layer.outputs
    float dropout = 0;
    std::vector<float> error;
    std::vector<float> error_below;
  };

  /// All parameters are zero.
  Mlp(std::size_t inputs, std::span<const std::uint32_t> hidden, const Kernels& kernels);

  /// A unit of the first layer that sees one input: share * max(0, weight * input + bias).
  struct Hinge {
    float weight = 0;
    float bias = 0;
    float share = 0;
  };

  /// Starts as a function of one input: logit = offset + sum of the hinges, which are carried to
  /// the output by two units of each further layer, the positive and the negative part of their
  /// sum. The other units get random weights (He et al. 2015) but no say at the output yet. The
  /// first layer needs a unit for each hinge, every further hidden layer needs two.
  void start_from_hinges(std::size_t input, std::span<const Hinge> hinges, float offset,
                         Random& random);

  /// Starts as a constant: the hidden units have random weights (He et al. 2015), the output takes
  /// none of them yet.
  void start_from_constant(float offset, Random& random);

  /// logits of `rows` rows of `inputs()` numbers: a view into the workspace. With `dropout` > 0
  /// each hidden unit is silenced with that probability and the others are scaled up to match
  /// (Srivastava et al. 2014), but for the units that carry the hinges.
  std::span<const float> forward(const float* batch, std::size_t rows, float dropout,
                                 Random& random, Workspace& workspace) const;

  /// Adds to `gradient` the gradient of a loss with the given derivatives by the logits, and writes
  /// that by the batch unless `by_batch` is null. Follows `forward` with the same batch and
  /// workspace.
  void backward(const float* batch, std::size_t rows, std::span<const float> by_logits,
                Workspace& workspace, std::span<float> gradient, float* by_batch = nullptr) const;

  /// Adds the gradient of l1 * (sum of the weights' magnitudes), or of l2 * (sum of their squares);
  /// biases are free.
  void add_l1(float l1, std::span<float> gradient) const;
  void add_l2(float l2, std::span<float> gradient) const;

  /// The layers of the model file for inputs that come as they are where training has scaled them:
  /// input c by scales[c], inputs beyond `scales` not at all.
  std::vector<DenseLayer> exported(std::span<const float> scales) const;

  std::size_t inputs() const { return layers_.front().inputs; }
  std::span<const Layer> layers() const { return layers_; }
  std::vector<float>& parameters() { return parameters_; }
  const std::vector<float>& parameters() const { return parameters_; }

 private:
  void start_units(const DensePlace& layer, std::size_t unit, Random& random);

  const Kernels& kernels_;
  std::vector<Layer> layers_;
  std::vector<float> parameters_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_MLP_H_
