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
/// but rounding; a step costs little more than the weights of the unit that switches.
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
  void turn();
  void set_direction(std::span<const float> direction);
  void enter(std::span<const float> row, double* outputs);
  void walk();
  std::size_t next_to_switch() const;
  void find_kinks(std::size_t first, std::size_t count, double position);
  void switch_all(double position);
  void switch_unit(std::size_t unit, double position);
  void forward(std::size_t l, std::size_t first);
  void set_signals(std::size_t first, std::size_t count, double position);
  void pass_back(std::size_t l, std::size_t first, double position);

  std::span<const DenseLayerView> layers_;
  std::span<const DenseLayerView> hidden_;  // all but the last
  std::size_t units_ = 0;                   // of all hidden layers
  int steps_ = 0;
  bool knows_direction_ = false;
  Buffer<float> direction_;  // what the first layer's rates are of
  Buffer<float> turned_;     // weights of the hidden layers but the first: inputs x outputs
  Buffer<double> point_;     // an input row, then its gradient; the inputs of a layer
  Buffer<double> mean_;      // the first layer's signal, averaged
  // A number for each hidden unit, layer after layer, while no unit switches:
  Buffer<double> start_;  // the pre-activation at t is start + t * rate
  Buffer<double> rate_;
  Buffer<double> sign_;    // 1 where the unit is on, -1 where it is off
  Buffer<double> kink_;    // the t at which the unit switches
  Buffer<double> back_;    // d logit / d activation
  Buffer<double> signal_;  // d logit / d pre-activation
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_MLP_GRADIENT_H_
