// By the kernel that retrieval goes through a table with: each output is a row of weights.
#include "runtime/byte_layer.h"

#include <cmath>
#include <cstring>

#include "runtime/lanes.h"
#include "runtime/scan/choice.h"

namespace palate::internal {
namespace {

// Whole numbers of 0 to 127. Next to 2^23 the lowest bits of a float are the nearest whole number.
ManyBytes rounded_to_bytes(const ManyLanes& steps) {
  using Whole = std::int32_t __attribute__((vector_size(sizeof(ManyLanes))));
  const ManyLanes most = ManyLanes{} + 127.0F;
  const ManyLanes shifted = (steps < most ? steps : most) + 0x1p23F;
  Whole bits;
  std::memcpy(&bits, &shifted, sizeof(bits));
  return __builtin_convertvector(bits, ManyBytes);
}

}  // namespace

Result<ByteLayer> ByteLayer::create(const DenseLayerView& layer) {
  ByteLayer made(layer);
  Status status = made.rounded_.reserve(layer.quantized.row_bytes());
  if (status) status = made.products_.reserve(layer.outputs);
  if (!status) return status.error();
  return made;
}

void ByteLayer::run(const float* inputs, float* outputs) {
  const std::size_t count = layer_.inputs;
  const float per_step = 1 / layer_.input_step;
  std::int8_t* rounded = rounded_.data();
  std::size_t i = 0;
  for (; i + kManyLanes <= count; i += kManyLanes) {
    ManyLanes steps;
    load(inputs + i, steps);
    const ManyBytes bytes = rounded_to_bytes(steps * per_step);
    std::memcpy(rounded + i, &bytes, sizeof(bytes));
  }
  for (; i < count; ++i) {
    const float steps = inputs[i] * per_step;
    rounded[i] = static_cast<std::int8_t>(std::nearbyint(steps < 127 ? steps : 127.0F));
  }
  scan_kernels().int8(layer_.quantized.codes.data(), layer_.quantized.row_bytes(), rounded,
                      layer_.outputs, products_.data());
  const std::int32_t* products = products_.data();
  const float* scales = layer_.quantized.scales.data();
  const float* bias = layer_.bias.data();
  const float step = layer_.input_step;
  const std::size_t outputs_count = layer_.outputs;
  for (std::size_t o = 0; o < outputs_count; ++o) {
    const float sum = static_cast<float>(products[o]) * (scales[o] * step) + bias[o];
    outputs[o] = sum > 0 ? sum : 0;
  }
}

}  // namespace palate::internal
