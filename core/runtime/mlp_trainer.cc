// Back-propagation: every product of it by the kernel that ranks.
#include "runtime/mlp_trainer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "runtime/dot.h"
#include "runtime/gemm.h"
#include "runtime/lanes.h"

namespace palate::internal {
namespace {

constexpr float kNoBound = -std::numeric_limits<float>::infinity();

std::size_t parameters_of(const DenseLayerView& layer) {
  return layer.weights.size() + layer.bias.size();
}

}  // namespace

Result<MlpTrainer> MlpTrainer::create(std::span<const DenseLayerView> layers, std::size_t trained,
                                      std::size_t most_rows) {
  assert(!layers.empty() && layers.back().outputs == 1 && trained > 0 && trained <= layers.size());
  MlpTrainer trainer;
  trainer.first_trained_ = layers.size() - trained;
  if (Status status = trainer.reserve(layers, most_rows); !status) return status.error();
  const float* parameters = trainer.parameters_.data();
  for (std::size_t l = 0; l < layers.size(); ++l) {
    DenseLayerView layer = layers[l];
    if (l >= trainer.first_trained_) {
      trainer.shipped_.push_back(layer);
      layer.weights = {parameters, layer.weights.size()};
      layer.bias = {parameters + layer.weights.size(), layer.bias.size()};
      parameters += parameters_of(layer);
    }
    trainer.layers_.push_back(layer);
  }
  trainer.reset();
  return trainer;
}

Status MlpTrainer::reserve(std::span<const DenseLayerView> given, std::size_t most_rows) {
  std::size_t widest = 1;
  std::size_t packed = 0;
  std::size_t activations = 0;
  for (std::size_t l = 0; l < given.size(); ++l) {
    const DenseLayerView& layer = given[l];
    starts_.push_back(activations);
    activations += most_rows * layer.inputs;
    widest = std::max<std::size_t>(widest, layer.outputs);
    packed =
        std::max({packed, packed_size(layer.inputs, layer.outputs),
                  packed_size(layer.outputs, layer.inputs), packed_size(most_rows, layer.inputs)});
    if (l >= first_trained_) parameter_count_ += parameters_of(layer);
  }
  starts_.push_back(activations);
  Status status = activations_.reserve(activations + most_rows);
  if (status) status = parameters_.reserve(parameter_count_);
  if (status) status = gradient_.reserve(parameter_count_);
  for (Buffer<float>* buffer : {&signal_, &next_signal_, &turned_}) {
    if (status) status = buffer->reserve(most_rows * widest);
  }
  return status ? packed_.reserve(packed) : status;
}

std::span<const float> MlpTrainer::forward(std::size_t rows) {
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const DenseLayerView& layer = layers_[l];
    const float* inputs = activations(l);
    float* outputs = activations(l + 1);
    if (l + 1 == layers_.size()) {
      for (std::size_t row = 0; row < rows; ++row) {
        outputs[row] = dot(inputs + row * layer.inputs, layer.weights) + layer.bias[0];
      }
    } else {
      pack_columns(layer.weights.data(), layer.inputs, layer.bias.data(), layer.inputs,
                   layer.outputs, packed_.data());
      multiply(inputs, rows, layer.inputs, packed_.data(), layer.outputs, 0, outputs);
    }
  }
  return {activations(layers_.size()), rows};
}

std::span<const float> MlpTrainer::backward(std::span<const float> signals) {
  std::copy(signals.begin(), signals.end(), signal_.data());
  float* gradient = gradient_.data() + parameter_count_;
  for (std::size_t l = layers_.size(); l-- > first_trained_;) {
    gradient -= parameters_of(layers_[l]);
    run_backward(l, signals.size(), gradient);
  }
  return gradient_.first(parameter_count_);
}

// From signal_, by the layer's outputs, the gradient by its parameters and, where a layer below is
// trained, the signal by its inputs.
void MlpTrainer::run_backward(std::size_t l, std::size_t rows, float* gradient) {
  const DenseLayerView& layer = layers_[l];
  const std::size_t outputs = layer.outputs;
  const std::size_t inputs = layer.inputs;
  float* bias = gradient + layer.weights.size();
  std::fill_n(bias, outputs, 0.0F);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t o = 0; o < outputs; ++o) {
      const float signal = signal_[row * outputs + o];
      turned_[o * rows + row] = signal;
      bias[o] += signal;
    }
  }
  pack_rows(activations(l), rows, inputs, packed_.data());
  multiply(turned_.data(), outputs, rows, packed_.data(), inputs, kNoBound, gradient);
  if (l == first_trained_) return;
  pack_rows(layer.weights.data(), outputs, inputs, packed_.data());
  multiply(signal_.data(), rows, outputs, packed_.data(), inputs, kNoBound, next_signal_.data());
  const float* values = activations(l);
  for (std::size_t i = 0; i < rows * inputs; ++i) {
    next_signal_[i] = values[i] > 0 ? next_signal_[i] : 0;  // the unit was on
  }
  std::swap(signal_, next_signal_);
}

/// Calls visit(parameter, where it started) for each.
template <class Visit>
void MlpTrainer::each_parameter(Visit visit) {
  float* at = parameters_.data();
  for (const DenseLayerView& layer : shipped_) {
    for (const std::span<const float> part : {layer.weights, layer.bias}) {
      for (const float start : part) visit(*at++, start);
    }
  }
}

void MlpTrainer::reset() {
  each_parameter([](float& parameter, float start) { parameter = start; });
}

void MlpTrainer::step(float rate) {
  // Behind the last of both there is room for whole lanes.
  for (std::size_t p = 0; p < parameter_count_; p += kLanes) {
    float* parameters = parameters_.data() + p;
    store(parameters, load(parameters) - splat(rate) * load(gradient_.data() + p));
  }
}

void MlpTrainer::restrain(float share, float reach) {
  double moved = 0;
  double length = 0;
  each_parameter([&](float& parameter, float start) {
    parameter = start + (1 - share) * (parameter - start);
    moved += double{parameter - start} * (parameter - start);
    length += double{start} * start;
  });
  const double most = double{reach} * reach * length;
  if (moved <= most) return;
  const auto kept = static_cast<float>(std::sqrt(most / moved));
  each_parameter(
      [&](float& parameter, float start) { parameter = start + kept * (parameter - start); });
}

}  // namespace palate::internal
