// Quantised weights read once.
#include "runtime/float_layers.h"

namespace palate::internal {

Result<FloatLayers> FloatLayers::create(std::span<const DenseLayerView> layers) {
  FloatLayers made;
  made.views_.assign(layers.begin(), layers.end());
  std::size_t count = 0;
  for (const DenseLayerView& layer : layers) {
    if (layer.is_quantized()) count += std::size_t{layer.inputs} * layer.outputs;
  }
  if (Status status = made.weights_.reserve(count); !status) return status.error();
  float* weights = made.weights_.data();
  for (DenseLayerView& layer : made.views_) {
    if (!layer.is_quantized()) continue;
    layer.weights = {weights, std::size_t{layer.inputs} * layer.outputs};
    for (std::size_t o = 0; o < layer.outputs; ++o, weights += layer.inputs) {
      layer.quantized.read(o, {weights, layer.inputs});
    }
    layer.quantized = {};
  }
  return made;
}

}  // namespace palate::internal
