// What a tabular model's two parts are given of a row: the network's inputs, the linear terms.
#ifndef PALATE_RUNTIME_TABULAR_INPUTS_H_
#define PALATE_RUNTIME_TABULAR_INPUTS_H_

#include <cstddef>
#include <span>

#include "palate/model.h"
#include "palate/result.h"

namespace palate::internal {

/// Whether there is a cell of the right kind for each column, up to row `rows` - 1, and no entry
/// without a row.
Status check_cells(std::span<const TabularColumnView> columns, std::span<const CellsView> cells,
                   std::size_t first, std::size_t rows);

/// Writes one row of the network's inputs.
void write_inputs(std::span<const TabularColumnView> columns, std::span<const CellsView> cells,
                  std::size_t row, std::span<float> inputs);

/// What a column adds to the linear head for a row.
double linear_amount(const TabularColumnView& column, const CellsView& cells, std::size_t row);

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_TABULAR_INPUTS_H_
