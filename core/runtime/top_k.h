// Retrieval: the exact best rows of an item table for one vector.
#ifndef PALATE_RUNTIME_TOP_K_H_
#define PALATE_RUNTIME_TOP_K_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "palate/model.h"
#include "palate/types.h"
#include "runtime/score_offset.h"

namespace palate::internal {

/// The order of every list: the higher score first, ties to the lower row.
inline bool ranks_before(const Pick& a, const Pick& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

struct TopKQuery {
  MatrixView table;
  std::span<const float> vector;            ///< `table.columns` numbers
  std::span<const float> row_scale;         ///< a factor for each row's product; empty: none
  std::span<const std::uint32_t> excluded;  ///< rows to leave out, ascending
  ScoreOffset offset = {};                  ///< what is added to each row's product
};

/// Writes the rows with the largest `row_scale[r] * (row r . vector) + offset[r]` into `picks`,
/// best first, ties to the lower row. Returns how many: fewer than `picks.size()` when the table is
/// smaller. Nothing when a product is not finite.
std::optional<std::size_t> top_k(const TopKQuery& query, std::span<Pick> picks);

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_TOP_K_H_
