// Who touched what, as compressed rows, in both directions.
#ifndef PALATE_FACTOR_SPARSE_ROWS_H_
#define PALATE_FACTOR_SPARSE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "palate/interactions.h"

namespace palate::internal {

/// Row r holds columns[offsets[r] .. offsets[r + 1]), ascending, each once, with its weight.
struct SparseRows {
  std::vector<std::size_t> offsets{0};
  std::vector<std::uint32_t> columns;
  std::vector<float> weights;

  std::size_t size() const { return offsets.size() - 1; }
  std::size_t count(std::size_t row) const { return offsets[row + 1] - offsets[row]; }

  /// Appends one history as a row: an item that stands in it several times counts once, with its
  /// largest weight, as in the runtime.
  void append(std::span<const Event> history);
};

/// One row a user, columns are items.
SparseRows rows_of(const Histories& histories);

/// One row a column of `rows`, of which there are `columns`.
SparseRows transpose(const SparseRows& rows, std::size_t columns);

}  // namespace palate::internal

#endif  // PALATE_FACTOR_SPARSE_ROWS_H_
