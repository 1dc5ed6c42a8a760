// Hidden layers by XNNPACK's kernel or by bytes, the single output by a dot product.
#include "runtime/mlp_forward.h"

#include <cassert>
#include <utility>

#include "runtime/dot.h"

namespace palate::internal {

Result<MlpForward> MlpForward::create(std::span<const DenseLayerView> layers) {
  assert(layers.back().outputs == 1);
  MlpForward forward(layers);
  for (const DenseLayerView& layer : layers.first(layers.size() - 1)) {
    if (layer.is_quantized()) {
      Result<ByteLayer> made = ByteLayer::create(layer);
      if (!made) return made.error();
      forward.hidden_.emplace_back(std::move(*made));
    } else {
      Result<PackedLayer> made = PackedLayer::create(layer);
      if (!made) return made.error();
      forward.hidden_.emplace_back(std::move(*made));
    }
  }
  if (Status status = forward.reserve(); !status) return status.error();
  return forward;
}

Status MlpForward::reserve() {
  if (Status status = input_.reserve(kBlockRows * input_size()); !status) return status;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    Buffer<float>& output = l % 2 == 0 ? even_ : odd_;
    if (Status status = output.reserve(kBlockRows * layers_[l].outputs); !status) return status;
  }
  return Done{};
}

Result<std::span<const float>> MlpForward::run(std::size_t rows) {
  assert(rows <= kBlockRows);
  const float* inputs = input_.data();
  Buffer<float>* output = &even_;
  Buffer<float>* next = &odd_;
  for (std::size_t l = 0; l < hidden_.size(); ++l) {
    if (const auto* packed = std::get_if<PackedLayer>(&hidden_[l])) {
      packed->run(rows, inputs, output->data(), true);
    } else {
      auto& bytes = *std::get_if<ByteLayer>(&hidden_[l]);
      for (std::size_t row = 0; row < rows; ++row) {
        bytes.run(inputs + row * layers_[l].inputs, output->data() + row * layers_[l].outputs);
      }
    }
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
