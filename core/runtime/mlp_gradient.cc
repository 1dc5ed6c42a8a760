// Walking a line through a ReLU network from kink to kink.
#include "runtime/mlp_gradient.h"

#include <algorithm>
#include <cassert>

#include "runtime/dot.h"

namespace palate::internal {
namespace {

// A kink that rounding puts just ahead of itself must not hold the walk.
constexpr double kShortestStep = 1e-9;

// Bounds on one walk: multiplications, and steps.
constexpr double kWork = 5e7;
constexpr double kFewestSteps = 64;
constexpr double kMostSteps = 4096;

}  // namespace

Result<MlpGradient> MlpGradient::create(std::span<const DenseLayerView> layers) {
  assert(!layers.empty() && layers.back().outputs == 1);
  MlpGradient gradient(layers);
  if (Status status = gradient.reserve(); !status) return status.error();
  return gradient;
}

Status MlpGradient::reserve() {
  double work = 1;  // of a step: forward for value and slope, and back
  for (const DenseLayerView& layer : hidden_) units_ += layer.outputs;
  for (const DenseLayerView& layer : layers_.subspan(1)) {
    work += 3.0 * static_cast<double>(layer.weights.size());
  }
  steps_ = static_cast<int>(std::clamp(kWork / work, kFewestSteps, kMostSteps));
  const std::size_t first = layers_.front().outputs;
  if (Status status = point_.reserve(layers_.front().inputs); !status) return status;
  for (Buffer<double>* buffer : {&offset_, &rate_, &mean_}) {
    if (Status status = buffer->reserve(first); !status) return status;
  }
  for (Buffer<double>* buffer : {&value_, &slope_, &signal_}) {
    if (Status status = buffer->reserve(units_); !status) return status;
  }
  return Done{};
}

void MlpGradient::average(std::span<const float> start, std::span<const float> direction,
                          std::span<float> gradient) {
  const DenseLayerView& first = layers_.front();
  assert(start.size() == first.inputs && direction.size() == first.inputs);
  assert(gradient.size() == first.inputs);
  if (hidden_.empty()) {
    mean_[0] = 1;
  } else {
    enter(start, direction);
    walk();
  }
  const std::span<double> sum = point_.first(first.inputs);
  std::fill(sum.begin(), sum.end(), 0.0);
  for (std::size_t o = 0; o < first.outputs; ++o) {
    const float* weights = first.weights.data() + o * first.inputs;
    for (std::size_t i = 0; i < first.inputs; ++i) sum[i] += mean_[o] * weights[i];
  }
  std::transform(sum.begin(), sum.end(), gradient.begin(),
                 [](double x) { return static_cast<float>(x); });
}

void MlpGradient::enter(std::span<const float> start, std::span<const float> direction) {
  const DenseLayerView& first = layers_.front();
  const std::span<double> point = point_.first(first.inputs);
  std::copy(start.begin(), start.end(), point.begin());
  for (std::size_t o = 0; o < first.outputs; ++o) {
    offset_[o] = first.bias[o] + wide_dot(first.weights.data() + o * first.inputs, point);
  }
  std::copy(direction.begin(), direction.end(), point.begin());
  for (std::size_t o = 0; o < first.outputs; ++o) {
    rate_[o] = wide_dot(first.weights.data() + o * first.inputs, point);
  }
}

void MlpGradient::walk() {
  const std::size_t first = layers_.front().outputs;
  std::fill_n(mean_.data(), first, 0.0);
  double position = 0;
  for (int step = 0; position < 1; ++step) {
    const double shortest = step < steps_ / 2 ? kShortestStep : 2.0 / steps_;
    const double next = std::min(1.0, std::max(forward(position), position + shortest));
    backward();
    for (std::size_t o = 0; o < first; ++o) mean_[o] += (next - position) * signal_[o];
    position = next;
  }
}

// Computes all hidden units at `position`; returns where the next of them switches, at most 1.
double MlpGradient::forward(double position) {
  double next = 1;
  const double* values = nullptr;  // of the layer before
  const double* slopes = nullptr;
  std::size_t unit = 0;
  for (const DenseLayerView& layer : hidden_) {
    const std::size_t layer_start = unit;
    for (std::size_t o = 0; o < layer.outputs; ++o, ++unit) {
      const float* weights = layer.weights.data() + o * layer.inputs;
      const bool first = values == nullptr;
      const double slope = first ? rate_[o] : wide_dot(weights, {slopes, layer.inputs});
      const double value = first ? offset_[o] + position * slope
                                 : layer.bias[o] + wide_dot(weights, {values, layer.inputs});
      const bool switches = (value > 0 && slope < 0) || (value < 0 && slope > 0);
      if (switches) next = std::min(next, position - value / slope);
      const bool on = value > 0 || (value == 0 && slope > 0);
      value_[unit] = on ? value : 0;
      slope_[unit] = on ? slope : 0;
    }
    values = value_.data() + layer_start;
    slopes = slope_.data() + layer_start;
  }
  return next;
}

// Carries d logit back to the pre-activations of every hidden layer, for the units that are on.
void MlpGradient::backward() {
  std::fill_n(signal_.data(), units_, 0.0);
  const double logit_signal = 1;
  const double* outputs = &logit_signal;
  std::size_t layer_start = units_;
  for (std::size_t l = layers_.size() - 1; l > 0; --l) {
    const DenseLayerView& layer = layers_[l];
    layer_start -= layer.inputs;
    double* inputs = signal_.data() + layer_start;
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      if (outputs[o] == 0) continue;
      const float* weights = layer.weights.data() + o * layer.inputs;
      for (std::size_t i = 0; i < layer.inputs; ++i) inputs[i] += outputs[o] * weights[i];
    }
    for (std::size_t i = 0; i < layer.inputs; ++i) {
      const bool on = value_[layer_start + i] > 0 || slope_[layer_start + i] > 0;
      if (!on) inputs[i] = 0;
    }
    outputs = inputs;
  }
}

}  // namespace palate::internal
