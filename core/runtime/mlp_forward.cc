// Hidden layers by XNNPACK's kernel, the single output by a dot product.
#include "runtime/mlp_forward.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "runtime/dot.h"
#include "runtime/gemm_kernel.h"

namespace palate::internal {
namespace {

std::size_t panels_of(const DenseLayerView& layer) {
  const std::size_t width = gemm_kernel().columns;
  return (layer.outputs + width - 1) / width;
}

std::size_t packed_size(const DenseLayerView& layer) {
  return panels_of(layer) * gemm_kernel().columns * (std::size_t{layer.inputs} + 1);
}

// A panel of outputs at a time: their biases, then for each input their weights; 0 where the last
// panel has no more outputs.
void pack_layer(const DenseLayerView& layer, float* packed) {
  const std::size_t width = gemm_kernel().columns;
  for (std::size_t first = 0; first < layer.outputs; first += width) {
    const std::size_t outputs = std::min(width, layer.outputs - first);
    std::copy_n(layer.bias.data() + first, outputs, packed);
    packed += width;
    for (std::size_t input = 0; input < layer.inputs; ++input, packed += width) {
      for (std::size_t output = 0; output < outputs; ++output) {
        packed[output] = layer.weights[(first + output) * layer.inputs + input];
      }
    }
  }
}

// outputs = max(0, W inputs + b) for each row.
void run_layer(const DenseLayerView& layer, const float* packed, std::size_t rows,
               const float* inputs, float* outputs) {
  constexpr GemmBounds kRelu = {0, std::numeric_limits<float>::infinity()};
  const GemmKernel& kernel = gemm_kernel();
  const std::size_t input_bytes = layer.inputs * sizeof(float);
  const std::size_t output_bytes = layer.outputs * sizeof(float);
  for (std::size_t row = 0; row < rows; row += kernel.rows) {
    kernel.run(std::min(kernel.rows, rows - row), layer.outputs, input_bytes,
               inputs + row * layer.inputs, input_bytes, packed, outputs + row * layer.outputs,
               output_bytes, kernel.columns * sizeof(float), &kRelu);
  }
}

}  // namespace

Result<MlpForward> MlpForward::create(std::span<const DenseLayerView> layers) {
  assert(layers.back().outputs == 1);
  MlpForward forward(layers);
  if (Status status = forward.reserve(); !status) return status.error();
  forward.pack();
  return forward;
}

Status MlpForward::reserve() {
  if (Status status = input_.reserve(kBlockRows * input_size()); !status) return status;
  std::size_t packed = 0;
  for (const DenseLayerView& layer : hidden_) packed += packed_size(layer);
  if (Status status = packed_.reserve(packed); !status) return status;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    Buffer<float>& output = l % 2 == 0 ? even_ : odd_;
    if (Status status = output.reserve(kBlockRows * layers_[l].outputs); !status) return status;
  }
  return Done{};
}

void MlpForward::pack() {
  float* packed = packed_.data();
  for (const DenseLayerView& layer : hidden_) {
    pack_layer(layer, packed);
    packed += packed_size(layer);
  }
}

Result<std::span<const float>> MlpForward::run(std::size_t rows) {
  assert(rows <= kBlockRows);
  const float* inputs = input_.data();
  const float* packed = packed_.data();
  Buffer<float>* output = &even_;
  Buffer<float>* next = &odd_;
  for (const DenseLayerView& layer : hidden_) {
    run_layer(layer, packed, rows, inputs, output->data());
    packed += packed_size(layer);
    inputs = output->data();
    std::swap(output, next);
  }
  const DenseLayerView& last = layers_.back();
  for (std::size_t row = 0; row < rows; ++row) {
    (*output)[row] = dot(inputs + row * last.inputs, last.weights) + last.bias[0];
  }
  return std::span<const float>(output->first(rows));
}

}  // namespace palate::internal
