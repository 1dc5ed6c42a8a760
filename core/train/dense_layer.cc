// A fully connected layer among the parameters of a network: forward, backward, into the file.
#include "train/dense_layer.h"

#include <cstdint>

namespace palate::internal {

void dense(const DensePlace& place, std::span<const float> parameters, const float* x,
           std::size_t rows, const Kernels& kernels, float* y) {
  const float* weights = &parameters[place.first];
  const float* bias = &parameters[place.bias()];
  kernels.multiply({x, false}, {weights, true}, rows, place.outputs, place.inputs, false, y);
  for (std::size_t r = 0; r < rows; ++r) {
    float* row = y + r * place.outputs;
    for (std::size_t k = 0; k < place.outputs; ++k) row[k] += bias[k];
  }
}

void dense_backward(const DensePlace& place, std::span<const float> parameters, const float* x,
                    const float* by_y, std::size_t rows, const Kernels& kernels,
                    std::span<float> gradient, float* by_x) {
  float* by_weights = &gradient[place.first];
  float* by_bias = &gradient[place.bias()];
  kernels.multiply({by_y, true}, {x, false}, place.outputs, place.inputs, rows, true, by_weights);
  for (std::size_t r = 0; r < rows; ++r) {
    const float* row = by_y + r * place.outputs;
    for (std::size_t k = 0; k < place.outputs; ++k) by_bias[k] += row[k];
  }
  if (by_x == nullptr) return;
  kernels.multiply({by_y, false}, {&parameters[place.first], false}, rows, place.inputs,
                   place.outputs, false, by_x);
}

DenseLayer dense_layer(const DensePlace& place, std::span<const float> parameters) {
  const auto weights = parameters.subspan(place.first, place.weights());
  const auto bias = parameters.subspan(place.bias(), place.outputs);
  return {static_cast<std::uint32_t>(place.inputs),
          static_cast<std::uint32_t>(place.outputs),
          {weights.begin(), weights.end()},
          {bias.begin(), bias.end()}};
}

}  // namespace palate::internal
