// A multilayer perceptron with a logit at its end: forward, backward, in batches.
#include "train/ranker/mlp.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace palate::internal {
namespace {

void drop_out(const Mlp::Layer& layer, std::size_t rows, float dropout, Random& random,
              float* values) {
  const float scale = 1.0F / (1.0F - dropout);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t unit = layer.carriers; unit < layer.outputs; ++unit) {
      const bool silenced = random.uniform() < static_cast<double>(dropout);
      values[row * layer.outputs + unit] *= silenced ? 0.0F : scale;
    }
  }
}

/// The derivative of ReLU and dropout, times the error: a unit whose output is zero passes nothing.
void pass_through_units(const Mlp::Layer& layer, const float* outputs, std::size_t rows,
                        float dropout, float* error) {
  const float scale = 1.0F / (1.0F - dropout);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t unit = 0; unit < layer.outputs; ++unit) {
      const std::size_t k = row * layer.outputs + unit;
      const float slope = unit < layer.carriers ? 1.0F : scale;
      error[k] = outputs[k] > 0 ? error[k] * slope : 0.0F;
    }
  }
}

}  // namespace

Mlp::Mlp(std::size_t inputs, std::span<const std::uint32_t> hidden, const Kernels& kernels)
    : kernels_(kernels) {
  std::size_t size = 0;
  const auto add_layer = [&](std::size_t outputs) {
    layers_.push_back({{size, inputs, outputs}});
    size = layers_.back().end();
    inputs = outputs;
  };
  for (const std::uint32_t width : hidden) add_layer(width);
  add_layer(1);
  parameters_.assign(size, 0.0F);
}

/// The weights of the units from number `unit` on, so that each layer hands on the spread that it
/// is given.
void Mlp::start_units(const DensePlace& layer, std::size_t unit, Random& random) {
  const double deviation = std::sqrt(2.0 / static_cast<double>(layer.inputs));
  for (std::size_t k = unit * layer.inputs; k < layer.weights(); ++k) {
    parameters_[layer.first + k] = static_cast<float>(deviation * random.normal());
  }
}

void Mlp::start_from_constant(float offset, Random& random) {
  for (std::size_t l = 0; l + 1 < layers_.size(); ++l) start_units(layers_[l], 0, random);
  parameters_[layers_.back().bias()] = offset;
}

void Mlp::start_from_hinges(std::size_t input, std::span<const Hinge> hinges, float offset,
                            Random& random) {
  for (std::size_t l = 0; l + 1 < layers_.size(); ++l) {
    Layer& layer = layers_[l];
    layer.carriers = l == 0 ? hinges.size() : 2;
    assert(layer.carriers <= layer.outputs);
    start_units(layer, layer.carriers, random);
  }
  const Layer& first = layers_.front();
  for (std::size_t unit = 0; unit < hinges.size(); ++unit) {
    parameters_[first.first + unit * first.inputs + input] = hinges[unit].weight;
    parameters_[first.bias() + unit] = hinges[unit].bias;
  }
  std::vector<float> shares;  // of the units of the layer below, in the sum of the hinges
  for (const Hinge& hinge : hinges) shares.push_back(hinge.share);
  for (std::size_t l = 1; l < layers_.size(); ++l) {
    float* weights = &parameters_[layers_[l].first];
    std::copy(shares.begin(), shares.end(), weights);
    if (l + 1 == layers_.size()) break;
    std::transform(shares.begin(), shares.end(), weights + layers_[l].inputs, std::negate<>());
    shares = {1.0F, -1.0F};
  }
  parameters_[layers_.back().bias()] = offset;
}

std::span<const float> Mlp::forward(const float* batch, std::size_t rows, float dropout,
                                    Random& random, Workspace& workspace) const {
  workspace.outputs.resize(layers_.size());
  workspace.dropout = dropout;
  const float* input = batch;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    std::vector<float>& output = workspace.outputs[l];
    output.resize(rows * layer.outputs);
    dense(layer, parameters_, input, rows, kernels_, output.data());
    if (l + 1 == layers_.size()) break;
    for (float& x : output) x = std::max(x, 0.0F);
    if (dropout > 0) drop_out(layer, rows, dropout, random, output.data());
    input = output.data();
  }
  return workspace.outputs.back();
}

void Mlp::backward(const float* batch, std::size_t rows, std::span<const float> by_logits,
                   Workspace& workspace, std::span<float> gradient, float* by_batch) const {
  assert(by_logits.size() == rows && gradient.size() == parameters_.size());
  std::vector<float>& error = workspace.error;
  std::vector<float>& below = workspace.error_below;
  error.assign(by_logits.begin(), by_logits.end());
  for (std::size_t l = layers_.size() - 1; l > 0; --l) {
    const float* input = workspace.outputs[l - 1].data();
    below.resize(rows * layers_[l].inputs);
    dense_backward(layers_[l], parameters_, input, error.data(), rows, kernels_, gradient,
                   below.data());
    pass_through_units(layers_[l - 1], input, rows, workspace.dropout, below.data());
    std::swap(error, below);
  }
  dense_backward(layers_.front(), parameters_, batch, error.data(), rows, kernels_, gradient,
                 by_batch);
}

void Mlp::add_l1(float l1, std::span<float> gradient) const {
  if (l1 == 0) return;
  for (const Layer& layer : layers_) {
    for (std::size_t k = layer.first; k < layer.bias(); ++k) {
      if (parameters_[k] != 0) gradient[k] += std::copysign(l1, parameters_[k]);
    }
  }
}

void Mlp::add_l2(float l2, std::span<float> gradient) const {
  if (l2 == 0) return;
  for (const Layer& layer : layers_) {
    for (std::size_t k = layer.first; k < layer.bias(); ++k) {
      gradient[k] += 2 * l2 * parameters_[k];
    }
  }
}

std::vector<DenseLayer> Mlp::exported(std::span<const float> scales) const {
  std::vector<DenseLayer> exported;
  for (const Layer& layer : layers_) exported.push_back(dense_layer(layer, parameters_));
  DenseLayer& first = exported.front();
  for (std::size_t unit = 0; unit < first.outputs; ++unit) {
    for (std::size_t c = 0; c < scales.size(); ++c) {
      first.weights[unit * first.inputs + c] *= scales[c];
    }
  }
  return exported;
}

}  // namespace palate::internal
