// A file is unpacked, its tables are rounded, and it is packed again: what this build knows of its
// schema passes through untouched.
#include "palate/compress.h"

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "model/file_header.h"
#include "model/limits.h"
#include "model/writer.h"
#include "palate/model_writer.h"
#include "palate_generated.h"

namespace palate {
namespace {

std::vector<float> values_of(const TableView& table) {
  std::vector<float> values(std::size_t{table.rows} * table.columns);
  for (std::size_t row = 0; row < table.rows; ++row) {
    table.read(row, std::span(values).subspan(row * table.columns, table.columns));
  }
  return values;
}

std::unique_ptr<format::QuantizedMatrixT> quantized_of(const TableView& table,
                                                       Precision precision) {
  QuantizedTable codes = quantize(values_of(table), table.columns, precision);
  auto matrix = std::make_unique<format::QuantizedMatrixT>();
  matrix->rows = table.rows;
  matrix->columns = table.columns;
  matrix->bits = precision == Precision::kInt8 ? 8 : 4;
  matrix->scales = std::move(codes.scales);
  matrix->codes = std::move(codes.codes);
  return matrix;
}

TableView view_of(const format::QuantizedMatrixT& matrix, Precision precision) {
  TableView view;
  view.rows = matrix.rows;
  view.columns = matrix.columns;
  view.precision = precision;
  view.scales = matrix.scales;
  view.codes = matrix.codes;
  return view;
}

// A second table of the item table's shape.
void set_table(const TableView& table, Precision precision, std::vector<float>& values,
               std::unique_ptr<format::QuantizedMatrixT>& quantized) {
  values.clear();
  quantized.reset();
  if (precision == Precision::kFloat32) {
    values = values_of(table);
  } else {
    quantized = quantized_of(table, precision);
  }
}

// The lower triangle of H'H, row after row.
std::vector<float> gramian_of(const TableView& table) {
  const std::size_t d = table.columns;
  std::vector<double> sums(d * (d + 1) / 2);
  std::vector<float> vector(d);
  for (std::size_t row = 0; row < table.rows; ++row) {
    table.read(row, vector);
    double* sum = sums.data();
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j <= i; ++j) *sum++ += double{vector[i]} * vector[j];
    }
  }
  return {sums.begin(), sums.end()};
}

void set_item_table(const TableView& items, Precision precision, format::ModelT& contents) {
  contents.item_vectors.reset();
  contents.quantized_item_vectors.reset();
  if (precision != Precision::kFloat32) {
    contents.quantized_item_vectors = quantized_of(items, precision);
    if (auto* fold_in = contents.encoder.AsFoldIn()) {
      fold_in->gramian = gramian_of(view_of(*contents.quantized_item_vectors, precision));
    }
    return;
  }
  contents.item_vectors = std::make_unique<format::MatrixT>();
  contents.item_vectors->rows = items.rows;
  contents.item_vectors->columns = items.columns;
  contents.item_vectors->values = values_of(items);
}

void set_second_table(const Model& model, Precision precision, format::ModelT& contents) {
  if (auto* mean = contents.encoder.AsWeightedMean()) {
    if (mean->history_vectors.empty() && mean->quantized_history_vectors == nullptr) return;
    set_table(model.weighted_mean()->history_vectors, precision, mean->history_vectors,
              mean->quantized_history_vectors);
  }
  if (auto* fold_in = contents.encoder.AsValueFoldIn()) {
    const TableView& table = model.value_fold_in()->implicit_vectors;
    if (table.rows == 0) return;
    set_table(table, precision, fold_in->implicit_vectors, fold_in->quantized_implicit_vectors);
  }
}

// Layers between the first and the last.
void set_layers(const Model& model, const Compression& compression, format::RankerT& ranker) {
  const std::span<const DenseLayerView> layers = model.ranker()->layers;
  for (std::size_t l = 1; l + 1 < layers.size(); ++l) {
    TableView weights = layers[l].quantized;
    if (!layers[l].is_quantized()) {
      weights.rows = layers[l].outputs;
      weights.columns = layers[l].inputs;
      weights.values = layers[l].weights;
    }
    format::DenseLayerT& layer = *ranker.layers[l];
    set_table(weights, *compression.ranker, layer.weights, layer.quantized_weights);
    layer.input_step = *compression.ranker == Precision::kInt8 ? compression.steps[l - 1] : 0;
  }
}

void set_index(const ListIndex& index, std::uint32_t dimension, format::ModelT& contents) {
  contents.list_index.reset();
  if (index.lists.empty()) return;
  contents.list_index = std::make_unique<format::ListIndexT>();
  format::ListIndexT& target = *contents.list_index;
  target.centroids = std::make_unique<format::MatrixT>();
  target.centroids->rows = static_cast<std::uint32_t>(index.centroids.size() / dimension);
  target.centroids->columns = dimension;
  target.centroids->values = index.centroids;
  target.lists = index.lists;
  target.probes = index.probes;
  target.length = index.length;
  target.recall = index.recall;
}

// Two tables of floats beside all that is in the file now: only the way back from codes may grow.
bool could_be_too_large(const Model& model) {
  const std::uint64_t values = std::uint64_t{model.item_count()} * model.dimension();
  return model.bytes().size() + 2 * sizeof(float) * values > internal::kMaxFileBytes;
}

Error unsupported(const char* message) { return {ErrorCode::kModelUnsupported, message}; }

Status check(const Model& model, const Compression& compression) {
  const RankerView* ranker = model.ranker();
  if (compression.items && model.item_vectors().rows == 0) {
    return unsupported("the model has no item vectors, so there is nothing to round");
  }
  if (compression.items == Precision::kFloat32 && could_be_too_large(model)) {
    return Error{ErrorCode::kModelMeaning, "in f32 the model could be larger than 2 GiB"};
  }
  if (compression.rounds_item_half && ranker == nullptr) {
    return unsupported("the model has no ranker, so no half of an item to round");
  }
  if (compression.ranker && (ranker == nullptr || ranker->layers.size() < 3)) {
    return unsupported("the model has no ranker with a layer between its first and its last");
  }
  if (compression.index && model.dimension() == 0) {
    return unsupported("the model has no item vectors, so there is nothing to index");
  }
  const bool rounds_layers = compression.ranker && *compression.ranker != Precision::kFloat32;
  if (rounds_layers && *compression.ranker != Precision::kInt8) {
    return unsupported("a ranker can be f32 or int8");
  }
  if (rounds_layers && compression.steps.size() != ranker->layers.size() - 2) {
    return Error{ErrorCode::kRequestInvalid, "there is not one step for each layer to round"};
  }
  return Done{};
}

}  // namespace

Result<std::vector<std::byte>> compress(const Model& model, const Compression& compression) {
  if (Status status = check(model, compression); !status) return status.error();
  const std::span<const std::byte> body = model.bytes().subspan(internal::kHeaderBytes);
  format::ModelT contents;
  format::GetModel(body.data())->UnPackTo(&contents);
  if (compression.items) {
    contents.list_index.reset();
    set_item_table(model.item_vectors(), *compression.items, contents);
    set_second_table(model, *compression.items, contents);
  }
  if (compression.ranker) set_layers(model, compression, *contents.ranker);
  if (compression.rounds_item_half) {
    contents.ranker->item_half_bits = *compression.rounds_item_half ? 8 : 0;
  }
  if (compression.index) set_index(*compression.index, model.dimension(), contents);
  flatbuffers::FlatBufferBuilder builder;
  builder.TrackMinAlign(internal::kAlignment);
  format::FinishModelBuffer(builder, format::CreateModel(builder, &contents));
  return internal::file_of(std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize())));
}

}  // namespace palate
