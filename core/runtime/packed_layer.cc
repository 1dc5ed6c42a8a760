// Weights packed once, biases as often as they are another visitor's.
#include "runtime/packed_layer.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "runtime/gemm.h"
#include "runtime/gemm_kernel.h"

namespace palate::internal {

Result<PackedLayer> PackedLayer::create(const DenseLayerView& layer, std::size_t first_column) {
  PackedLayer made(layer, first_column);
  const std::size_t size = packed_size(made.inputs(), layer.outputs);
  if (Status status = made.packed_.reserve(size); !status) return status.error();
  pack_columns(layer.weights.data() + first_column, layer.inputs, layer.bias.data(), made.inputs(),
               layer.outputs, made.packed_.data());
  return made;
}

void PackedLayer::set_bias(std::span<const float> bias) {
  assert(bias.size() == outputs());
  const std::size_t width = gemm_kernel().columns;
  float* packed = packed_.data();
  for (std::size_t first = 0; first < bias.size(); first += width) {
    std::copy_n(bias.data() + first, std::min(width, bias.size() - first), packed);
    packed += width * (inputs() + 1);
  }
}

void PackedLayer::run(std::size_t rows, const float* inputs, float* outputs, bool rectify) const {
  const float least = rectify ? 0 : -std::numeric_limits<float>::infinity();
  multiply(inputs, rows, this->inputs(), packed_.data(), this->outputs(), least, outputs);
}

}  // namespace palate::internal
