// A multilayer perceptron with a logit at its end: forward, backward, in batches.
#include "train/ranker/mlp.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <utility>

namespace palate::internal {
namespace {

void add_bias(const float* bias, std::size_t rows, std::size_t width, float* values) {
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t unit = 0; unit < width; ++unit) values[row * width + unit] += bias[unit];
  }
}

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
    const std::size_t weights = size;
    const std::size_t bias = weights + inputs * outputs;
    layers_.push_back({inputs, outputs, weights, bias});
    size = bias + outputs;
    inputs = outputs;
  };
  for (const std::uint32_t width : hidden) add_layer(width);
  add_layer(1);
  parameters_.assign(size, 0.0F);
}

void Mlp::start_from_hinges(std::size_t input, std::span<const Hinge> hinges, float offset,
                            Random& random) {
  for (std::size_t l = 0; l + 1 < layers_.size(); ++l) {
    Layer& layer = layers_[l];
    layer.carriers = l == 0 ? hinges.size() : 2;
    assert(layer.carriers <= layer.outputs);
    const double deviation = std::sqrt(2.0 / static_cast<double>(layer.inputs));
    for (std::size_t k = layer.carriers * layer.inputs; k < layer.outputs * layer.inputs; ++k) {
      parameters_[layer.weights + k] = static_cast<float>(deviation * random.normal());
    }
  }
  const Layer& first = layers_.front();
  for (std::size_t unit = 0; unit < hinges.size(); ++unit) {
    parameters_[first.weights + unit * first.inputs + input] = hinges[unit].weight;
    parameters_[first.bias + unit] = hinges[unit].bias;
  }
  std::vector<float> shares;  // of the units of the layer below, in the sum of the hinges
  for (const Hinge& hinge : hinges) shares.push_back(hinge.share);
  for (std::size_t l = 1; l < layers_.size(); ++l) {
    float* weights = &parameters_[layers_[l].weights];
    std::copy(shares.begin(), shares.end(), weights);
    if (l + 1 == layers_.size()) break;
    std::transform(shares.begin(), shares.end(), weights + layers_[l].inputs, std::negate<>());
    shares = {1.0F, -1.0F};
  }
  parameters_[layers_.back().bias] = offset;
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
    kernels_.multiply({input, false}, {&parameters_[layer.weights], true}, rows, layer.outputs,
                      layer.inputs, false, output.data());
    add_bias(&parameters_[layer.bias], rows, layer.outputs, output.data());
    if (l + 1 == layers_.size()) break;
    for (float& x : output) x = std::max(x, 0.0F);
    if (dropout > 0) drop_out(layer, rows, dropout, random, output.data());
    input = output.data();
  }
  return workspace.outputs.back();
}

void Mlp::backward(const float* batch, std::size_t rows, std::span<const float> by_logits,
                   Workspace& workspace, std::span<float> gradient) const {
  assert(by_logits.size() == rows && gradient.size() == parameters_.size());
  std::vector<float>& error = workspace.error;
  error.assign(by_logits.begin(), by_logits.end());
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const Layer& layer = layers_[l];
    const float* input = l == 0 ? batch : workspace.outputs[l - 1].data();
    kernels_.multiply({error.data(), true}, {input, false}, layer.outputs, layer.inputs, rows, true,
                      &gradient[layer.weights]);
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t unit = 0; unit < layer.outputs; ++unit) {
        gradient[layer.bias + unit] += error[row * layer.outputs + unit];
      }
    }
    if (l == 0) break;
    std::vector<float>& below = workspace.error_below;
    below.resize(rows * layer.inputs);
    kernels_.multiply({error.data(), false}, {&parameters_[layer.weights], false}, rows,
                      layer.inputs, layer.outputs, false, below.data());
    pass_through_units(layers_[l - 1], input, rows, workspace.dropout, below.data());
    std::swap(error, below);
  }
}

void Mlp::add_l2(float l2, std::span<float> gradient) const {
  if (l2 == 0) return;
  for (const Layer& layer : layers_) {
    for (std::size_t k = layer.weights; k < layer.bias; ++k) gradient[k] += 2 * l2 * parameters_[k];
  }
}

std::vector<DenseLayer> Mlp::exported(std::span<const float> scales) const {
  std::vector<DenseLayer> exported;
  for (const Layer& layer : layers_) {
    DenseLayer dense;
    dense.inputs = static_cast<std::uint32_t>(layer.inputs);
    dense.outputs = static_cast<std::uint32_t>(layer.outputs);
    const float* weights = &parameters_[layer.weights];
    const float* bias = &parameters_[layer.bias];
    dense.weights.assign(weights, weights + layer.inputs * layer.outputs);
    dense.bias.assign(bias, bias + layer.outputs);
    exported.push_back(std::move(dense));
  }
  DenseLayer& first = exported.front();
  for (std::size_t unit = 0; unit < first.outputs; ++unit) {
    for (std::size_t c = 0; c < scales.size(); ++c) {
      first.weights[unit * first.inputs + c] *= scales[c];
    }
  }
  return exported;
}

}  // namespace palate::internal
