// Panels of outputs: their biases, then for each input their weights; 0 where the last panel has no
// more outputs.
#include "runtime/packed_layer.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "runtime/gemm_kernel.h"

namespace palate::internal {

Result<PackedLayer> PackedLayer::create(const DenseLayerView& layer, std::size_t first_column) {
  PackedLayer made(layer, first_column);
  const std::size_t width = gemm_kernel().columns;
  const std::size_t panels = (layer.outputs + width - 1) / width;
  if (Status status = made.packed_.reserve(panels * width * (made.inputs() + 1)); !status) {
    return status.error();
  }
  float* packed = made.packed_.data();
  for (std::size_t first = 0; first < layer.outputs; first += width) {
    const std::size_t outputs = std::min<std::size_t>(width, layer.outputs - first);
    packed += width;
    for (std::size_t input = first_column; input < layer.inputs; ++input, packed += width) {
      for (std::size_t output = 0; output < outputs; ++output) {
        packed[output] = layer.weights[(first + output) * layer.inputs + input];
      }
    }
  }
  made.set_bias(layer.bias);
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
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const GemmBounds bounds = {rectify ? 0 : -kInfinity, kInfinity};
  const GemmKernel& kernel = gemm_kernel();
  const std::size_t input_stride = this->inputs() * sizeof(float);
  const std::size_t output_stride = this->outputs() * sizeof(float);
  for (std::size_t row = 0; row < rows; row += kernel.rows) {
    kernel.run(std::min(kernel.rows, rows - row), this->outputs(), input_stride,
               inputs + row * this->inputs(), input_stride, packed_.data(),
               outputs + row * this->outputs(), output_stride, kernel.columns * sizeof(float),
               &bounds);
  }
}

}  // namespace palate::internal
