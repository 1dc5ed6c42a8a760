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

// Two tables of floats beside all that is in the file now: only the way back from codes may grow.
bool could_be_too_large(const Model& model) {
  const std::uint64_t values = std::uint64_t{model.item_count()} * model.dimension();
  return model.bytes().size() + 2 * sizeof(float) * values > internal::kMaxFileBytes;
}

}  // namespace

Result<std::vector<std::byte>> compress(const Model& model, Precision precision) {
  const TableView& items = model.item_vectors();
  if (items.rows == 0) {
    return Error{ErrorCode::kModelUnsupported,
                 "the model has no item vectors, so there is nothing to round"};
  }
  if (precision == Precision::kFloat32 && could_be_too_large(model)) {
    return Error{ErrorCode::kModelMeaning, "in f32 the model could be larger than 2 GiB"};
  }
  const std::span<const std::byte> body = model.bytes().subspan(internal::kHeaderBytes);
  format::ModelT contents;
  format::GetModel(body.data())->UnPackTo(&contents);
  set_item_table(items, precision, contents);
  set_second_table(model, precision, contents);
  flatbuffers::FlatBufferBuilder builder;
  builder.TrackMinAlign(internal::kAlignment);
  format::FinishModelBuffer(builder, format::CreateModel(builder, &contents));
  return internal::file_of(std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize())));
}

}  // namespace palate
