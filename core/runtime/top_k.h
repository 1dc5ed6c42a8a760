// Retrieval: the exact best rows of an item table for one vector.
#ifndef PALATE_RUNTIME_TOP_K_H_
#define PALATE_RUNTIME_TOP_K_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "palate/model.h"
#include "palate/types.h"
#include "runtime/row_mask.h"
#include "runtime/scan/choice.h"
#include "runtime/score_offset.h"

namespace palate::internal {

struct TopKQuery {
  TableView table;
  std::span<const float> vector;     ///< `table.columns` numbers
  std::span<const float> row_scale;  ///< a factor, >= 0, for each row's product; empty: none
  RowMask excluded;                  ///< rows to leave out
  ScoreOffset offset = {};           ///< what is added to each row's product
  std::span<const std::int32_t> code_sums = {};  ///< of an int8 table, by `add_up_codes`
  /// Which row of the catalogue stands at each place of the table, in any order; then there are
  /// neither factors nor an offset. Empty: all stand at their own places.
  std::span<const std::uint32_t> rows = {};
};

/// Exact in every precision: writes the `count` rows with the largest `row_scale[r] * (row r .
/// vector) + offset[r]` to the front of `room`, best first, ties to the lower row. Returns how
/// many: fewer than `count` when the table is smaller. Nothing when a product is not finite.
/// `room`: as `BestPicks` wants it.
std::optional<std::size_t> top_k(const TopKQuery& query, std::size_t count, std::span<Pick> room,
                                 const ScanKernels& kernels = scan_kernels());

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_TOP_K_H_
