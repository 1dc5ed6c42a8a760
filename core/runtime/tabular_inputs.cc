// What a tabular model's two parts are given of a row: the network's inputs, the linear terms.
#include "runtime/tabular_inputs.h"

#include <algorithm>
#include <cmath>

#include "model/sentence.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

bool fits(const TabularColumnView& column, const CellsView& cells, std::size_t first,
          std::size_t rows) {
  if (column.kind == AttributeKind::kNumber) return cells.numbers.size() >= rows;
  if (cells.offsets.size() <= rows || cells.offsets[rows] > cells.entries.size()) return false;
  for (std::size_t row = first; row < rows; ++row) {
    if (cells.offsets[row] > cells.offsets[row + 1]) return false;
    for (const std::uint32_t entry : cells.entries_of(row)) {
      if (entry > column.missing_row()) return false;
    }
  }
  return true;
}

}  // namespace

Status check_cells(std::span<const TabularColumnView> columns, std::span<const CellsView> cells,
                   std::size_t first, std::size_t rows) {
  bool all_fit = columns.size() == cells.size();
  for (std::size_t c = 0; all_fit && c < columns.size(); ++c) {
    all_fit = fits(columns[c], cells[c], first, rows);
  }
  if (all_fit) return Done{};
  return Error{ErrorCode::kRequestInvalid, sentence({"the cells do not fit the model's "_words,
                                                     Digits(columns.size()), " columns"_words})};
}

void write_inputs(std::span<const TabularColumnView> columns, std::span<const CellsView> cells,
                  std::size_t row, std::span<float> inputs) {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const TabularColumnView& column = columns[c];
    const std::span<float> own = inputs.subspan(column.first_input, column.width);
    if (column.kind == AttributeKind::kNumber) {
      const float x = cells[c].numbers[row];
      own[0] = scaled(column.scale, x);
      if (column.has_missing) own[1] = std::isnan(x) ? 1.0F : 0.0F;
      continue;
    }
    std::fill(own.begin(), own.end(), 0.0F);
    for (const std::uint32_t entry : cells[c].entries_of(row)) {
      const std::span<const float> vector = column.vectors.row(entry);
      for (std::size_t k = 0; k < own.size(); ++k) own[k] += vector[k];
    }
  }
}

double linear_amount(const TabularColumnView& column, const CellsView& cells, std::size_t row) {
  if (column.kind == AttributeKind::kNumber) {
    const float x = cells.numbers[row];
    const bool is_missing = std::isnan(x);
    if (is_missing) return column.has_missing ? column.weights[1] : 0.0F;
    return double{column.weights[0]} * scaled(column.scale, x);
  }
  double amount = 0;
  for (const std::uint32_t entry : cells.entries_of(row)) amount += column.weights[entry];
  return amount;
}

}  // namespace palate::internal
