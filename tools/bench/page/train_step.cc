// One step of the trainer that fine-tunes a ranker, as WebAssembly for page/palate_step.mjs: binary
// cross-entropy, SGD.
#include <emscripten/emscripten.h>

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "palate/model.h"
#include "runtime/mlp_trainer.h"

namespace palate {
namespace {

struct Training {
  std::vector<float> numbers;  // layer after layer: weights, biases
  std::vector<DenseLayerView> layers;
  std::optional<internal::MlpTrainer> trainer;
  std::vector<float> labels;
  std::vector<float> signals;
};

Training& training() {
  static Training& one = *new Training;
  return one;
}

}  // namespace

extern "C" {

/// Room for the network's numbers, to be written before `start`.
EMSCRIPTEN_KEEPALIVE float* network(std::size_t size) {
  training().numbers.resize(size);
  return training().numbers.data();
}

/// The next layer of the network, from its inputs on.
EMSCRIPTEN_KEEPALIVE void add_layer(std::uint32_t inputs, std::uint32_t outputs) {
  Training& all = training();
  const float* next = all.numbers.data();
  for (const DenseLayerView& layer : all.layers) next += layer.weights.size() + layer.bias.size();
  DenseLayerView layer;
  layer.inputs = inputs;
  layer.outputs = outputs;
  layer.weights = {next, std::size_t{inputs} * outputs};
  layer.bias = {next + layer.weights.size(), outputs};
  all.layers.push_back(layer);
}

/// Trains the last `trained` layers in batches of `rows`. False where memory is refused.
EMSCRIPTEN_KEEPALIVE bool start(std::size_t trained, std::size_t rows) {
  Training& all = training();
  Result<internal::MlpTrainer> trainer = internal::MlpTrainer::create(all.layers, trained, rows);
  if (!trainer) return false;
  all.trainer = std::move(*trainer);
  all.labels.resize(rows);
  all.signals.resize(rows);
  return true;
}

/// The batch, to be written before each step: rows one after the other, and the label of each.
EMSCRIPTEN_KEEPALIVE float* inputs() { return training().trainer->input(0).data(); }
EMSCRIPTEN_KEEPALIVE float* labels() { return training().labels.data(); }

/// The logits of the batch before the step.
EMSCRIPTEN_KEEPALIVE const float* step(float rate) {
  Training& all = training();
  const std::span<const float> logits = all.trainer->forward(all.labels.size());
  for (std::size_t row = 0; row < logits.size(); ++row) {
    const float probability = 1 / (1 + std::exp(-logits[row]));
    all.signals[row] = (probability - all.labels[row]) / static_cast<float>(logits.size());
  }
  all.trainer->backward(all.signals);
  all.trainer->step(rate);
  return logits.data();
}

}  // extern "C"

}  // namespace palate
