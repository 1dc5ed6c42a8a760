// Texts, numbers, tables and layers as sections of a model file.
#include <algorithm>

#include "model/limits.h"
#include "model/write_parts.h"

namespace palate::internal {
namespace {

Offset<format::QuantizedMatrix> add_quantized(FlatBufferBuilder& builder,
                                              const QuantizedTable& table, std::uint32_t columns,
                                              Precision precision) {
  const auto scales = add_parameters(builder, table.scales);
  builder.ForceVectorAlignment(table.codes.size(), 1, kAlignment);
  const auto codes = builder.CreateVector(table.codes);
  return format::CreateQuantizedMatrix(builder, static_cast<std::uint32_t>(table.scales.size()),
                                       columns, precision == Precision::kInt8 ? 8 : 4, scales,
                                       codes);
}

}  // namespace

Offset<format::Texts> add_texts(FlatBufferBuilder& builder, const std::vector<std::string>& texts) {
  std::vector<std::uint32_t> offsets = {0};
  offsets.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    offsets.push_back(static_cast<std::uint32_t>(offsets.back() + text.size()));
  }
  std::uint8_t* bytes = nullptr;
  const auto section = builder.CreateUninitializedVector<std::uint8_t>(offsets.back(), &bytes);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    std::copy(texts[row].begin(), texts[row].end(), bytes + offsets[row]);
  }
  return format::CreateTexts(builder, builder.CreateVector(offsets), section);
}

Offset<Vector<float>> add_parameters(FlatBufferBuilder& builder, const std::vector<float>& values) {
  builder.ForceVectorAlignment(values.size(), sizeof(float), kAlignment);
  return builder.CreateVector(values);
}

AddedTable add_table(FlatBufferBuilder& builder, const std::vector<float>& values,
                     const ModelContents& contents) {
  if (values.empty()) return {};
  const bool has_rows = contents.dimension > 0 && values.size() % contents.dimension == 0;
  if (contents.precision == Precision::kFloat32 || !has_rows) {
    return {add_parameters(builder, values), {}};
  }
  return {{},
          add_quantized(builder, quantize(values, contents.dimension, contents.precision),
                        contents.dimension, contents.precision)};
}

Offset<format::DenseLayer> add_layer(FlatBufferBuilder& builder, const DenseLayer& layer) {
  const bool is_quantized = !layer.quantized.codes.empty();
  Offset<Vector<float>> weights;
  Offset<format::QuantizedMatrix> quantized;
  if (is_quantized) {
    quantized = add_quantized(builder, layer.quantized, layer.inputs, Precision::kInt8);
  } else {
    weights = add_parameters(builder, layer.weights);
  }
  const auto bias = add_parameters(builder, layer.bias);
  return format::CreateDenseLayer(builder, layer.inputs, layer.outputs, weights, bias, quantized,
                                  layer.input_step);
}

}  // namespace palate::internal
