// Cells of columns, taken over one by one.
#ifndef PALATE_LOG_ATTRIBUTE_CELLS_H_
#define PALATE_LOG_ATTRIBUTE_CELLS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "palate/model_writer.h"

namespace palate::internal {

/// A column's name and kind, with its cells to come.
Attribute without_cells(const Attribute& column);

/// Adds one cell of `from` to `to`, which has the same categories.
void append_cell(const Attribute& from, std::size_t row, Attribute& to);

/// The cells of the given rows, in that order.
Attribute cells_of(const Attribute& column, std::span<const std::uint32_t> rows);

}  // namespace palate::internal

#endif  // PALATE_LOG_ATTRIBUTE_CELLS_H_
