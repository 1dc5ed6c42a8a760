// Cells of columns, taken over one by one.
#include "log/attribute_cells.h"

namespace palate::internal {

Attribute without_cells(const Attribute& column) {
  Attribute result{column.name, column.kind, {}, column.categories, {}, {}};
  if (column.kind == AttributeKind::kCategory) result.offsets.push_back(0);
  return result;
}

void append_cell(const Attribute& from, std::size_t row, Attribute& to) {
  if (from.kind == AttributeKind::kNumber) {
    to.numbers.push_back(from.numbers[row]);
    return;
  }
  to.entries.insert(to.entries.end(), from.entries.begin() + from.offsets[row],
                    from.entries.begin() + from.offsets[row + 1]);
  to.offsets.push_back(static_cast<std::uint32_t>(to.entries.size()));
}

Attribute cells_of(const Attribute& column, std::span<const std::uint32_t> rows) {
  Attribute result = without_cells(column);
  for (const std::uint32_t row : rows) append_cell(column, row, result);
  return result;
}

}  // namespace palate::internal
