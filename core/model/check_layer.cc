// Whether a fully connected layer makes sense, its weights in floats or quantised.
#include <algorithm>
#include <cmath>

#include "model/check.h"
#include "model/limits.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

Verdict check_shape(const format::DenseLayer& layer, std::uint32_t inputs, const char* what,
                    DenseLayerView& view) {
  view.inputs = layer.inputs();
  view.outputs = layer.outputs();
  if (view.inputs != inputs)
    return meaning_error(what, "has not as many inputs as it is given"_words);
  if (view.outputs == 0 || view.outputs > kMaxLayerWidth) {
    return meaning_error(what, "has a width outside 1 to 4096"_words);
  }
  return check_parameters(*layer.bias(), view.outputs, what, view.bias);
}

}  // namespace

Verdict check_layer(const format::DenseLayer& layer, std::uint32_t inputs, const char* what,
                    DenseLayerView& view) {
  if (layer.weights() == nullptr || layer.quantized_weights() != nullptr) {
    return meaning_error(what, "has other weights than floats"_words);
  }
  if (Verdict verdict = check_shape(layer, inputs, what, view); !verdict) return verdict;
  const std::uint64_t weights = std::uint64_t{view.inputs} * view.outputs;
  return check_parameters(*layer.weights(), weights, what, view.weights);
}

Verdict check_any_layer(const format::DenseLayer& layer, std::uint32_t inputs, const char* what,
                        DenseLayerView& view) {
  const format::QuantizedMatrix* weights = layer.quantized_weights();
  if (weights == nullptr || layer.weights() != nullptr) {
    return check_layer(layer, inputs, what, view);
  }
  if (Verdict verdict = check_shape(layer, inputs, what, view); !verdict) return verdict;
  view.input_step = layer.input_step();
  if (!(view.input_step >= 1 / kMaxNumber && is_sane(view.input_step))) {
    return meaning_error(what, "has a step of its inputs outside 1e-20 to 1e20"_words);
  }
  view.quantized.rows = view.outputs;
  view.quantized.columns = view.inputs;
  if (weights->bits() != 8) return unsupported_error("a layer of a precision"_words);
  return check_table(*weights, what, view.quantized);
}

double layer_bound(const DenseLayerView& layer, double largest) {
  double bound = 0;
  if (layer.is_quantized()) {
    // A code is of magnitude 128 at most, an input of 127 steps.
    const double input = std::min(largest, 127.0 * layer.input_step);
    for (std::size_t output = 0; output < layer.outputs; ++output) {
      const double sum = 128.0 * layer.quantized.scales[output] * layer.inputs;
      bound = std::max(bound, sum * input + std::abs(layer.bias[output]));
    }
    return bound;
  }
  for (std::size_t output = 0; output < layer.outputs; ++output) {
    double sum = 0;
    for (const float weight : layer.weights.subspan(output * layer.inputs, layer.inputs)) {
      sum += std::abs(weight);
    }
    bound = std::max(bound, sum * largest + std::abs(layer.bias[output]));
  }
  return bound;
}

}  // namespace palate::internal
