// The gradient of an MLP's logit with respect to its input, averaged along a straight line.
#ifndef PALATE_RUNTIME_MLP_GRADIENT_H_
#define PALATE_RUNTIME_MLP_GRADIENT_H_

#include <cstddef>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// Along a line a ReLU network is piecewise linear, so its gradient is constant between the points
/// where a unit switches. Walking from one such point to the next gives the mean without any error
/// but rounding.
class MlpGradient {
 public:
  /// Borrows the layers, whose last one has one output.
  static Result<MlpGradient> create(std::span<const DenseLayerView> layers);

  /// gradient = the mean over t in [0, 1] of d logit / d input at start + t * direction. With a
  /// zero direction that is the gradient at `start` (a unit at exactly zero counts as off).
  /// A network of very many units gets a bounded number of steps; what these miss is no longer
  /// exact, and shows as the remainder of an explanation.
  void average(std::span<const float> start, std::span<const float> direction,
               std::span<float> gradient);

 private:
  explicit MlpGradient(std::span<const DenseLayerView> layers)
      : layers_(layers), hidden_(layers.first(layers.size() - 1)) {}

  Status reserve();
  void enter(std::span<const float> start, std::span<const float> direction);
  void walk();
  double forward(double position);
  void backward();

  std::span<const DenseLayerView> layers_;
  std::span<const DenseLayerView> hidden_;  // all but the last
  std::size_t units_ = 0;                   // of all hidden layers
  int steps_ = 0;
  Buffer<double> point_;   // an input row, then its gradient
  Buffer<double> offset_;  // the first layer's pre-activations at t = 0
  Buffer<double> rate_;    // and how they change with t
  Buffer<double> value_;   // activations at the current t, layer after layer
  Buffer<double> slope_;   // and how they change with t; both zero where a unit is off
  Buffer<double> signal_;  // d logit / d pre-activation, layer after layer
  Buffer<double> mean_;    // the first layer's signal, averaged
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_MLP_GRADIENT_H_
