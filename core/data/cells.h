// The cells of a column, and what they are taken for: numbers or sets of categories.
#ifndef PALATE_DATA_CELLS_H_
#define PALATE_DATA_CELLS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "log/text_index.h"
#include "palate/model_writer.h"
#include "palate/result.h"

namespace palate::internal {

/// The cells of one column: each distinct text once, and its number for every row.
struct Cells {
  TextIndex texts;
  std::vector<std::uint32_t> rows;
};

/// Whether a cell, without blanks at its ends, says that there is nothing.
bool is_missing(std::string_view text);

bool is_empty(const Cells& cells);

/// The column as numbers, if all that is not missing is one (and something is there).
std::optional<Attribute> as_numbers(const Cells& cells);

/// The column as sets of categories, split at '|', in order of first appearance.
Attribute as_categories(const Cells& cells);

/// What stands in one cell; the message of an error says what is wrong with it.
Result<float> number_in(std::string_view cell);
Result<std::int64_t> time_in(std::string_view cell);

/// Why the model file could not hold a further attribute of this name, or nothing.
const char* name_fault(std::string_view name, std::span<const Attribute> attributes);

}  // namespace palate::internal

#endif  // PALATE_DATA_CELLS_H_
