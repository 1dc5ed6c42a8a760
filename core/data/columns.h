// Which column of a table plays which role: recognised by name, or given.
#ifndef PALATE_DATA_COLUMNS_H_
#define PALATE_DATA_COLUMNS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "palate/result.h"

namespace palate::internal {

/// What a column can be, and the names by which it is known: lower case, letters and digits only,
/// the most telling first.
struct Role {
  std::string_view name;
  bool required;
  std::span<const std::string_view> known_names;
};

/// user, item, value, timestamp, type; also their order in a file without a header.
std::span<const Role> interaction_roles();

/// item, title; then genres, in a file without a header.
std::span<const Role> item_roles();

/// label, timestamp, user: of a log whose other columns are features.
std::span<const Role> example_roles();

/// Whether a column of this name holds ids of items.
bool is_item_name(std::string_view column);

/// The column of a name or, from 1, of a number.
std::optional<std::size_t> find_column(std::span<const std::string> columns,
                                       std::string_view wanted);

/// "a, b, c"
std::string listed(std::span<const std::string> names);

/// Whether the first row of a file names its columns. Fails when that cannot be told.
Result<bool> is_header(std::span<const std::string_view> first_row, std::span<const Role> roles,
                       const std::map<std::string, std::string>& given);

/// The names that stand in for those of a file without a header: "column 1", ...
std::vector<std::string> numbered_columns(std::size_t count);

/// Role -> column. `given` wins over names; without a header and without `given` the roles stand in
/// their order. A required role that is not found is `kDataMalformed` and says how to name it.
Result<std::map<std::string, std::size_t>> assign_roles(
    std::span<const std::string> columns, bool has_header, std::span<const Role> roles,
    const std::map<std::string, std::string>& given);

}  // namespace palate::internal

#endif  // PALATE_DATA_COLUMNS_H_
