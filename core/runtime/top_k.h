// Retrieval: the exact best rows of an item table for one vector.
#ifndef PALATE_RUNTIME_TOP_K_H_
#define PALATE_RUNTIME_TOP_K_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "palate/model.h"
#include "palate/types.h"
#include "runtime/best_picks.h"
#include "runtime/row_mask.h"
#include "runtime/scan/choice.h"
#include "runtime/score_offset.h"

namespace palate::internal {

class TableScan;

struct TopKQuery {
  TableView table;
  std::span<const float> vector;     ///< `table.columns` numbers
  std::span<const float> row_scale;  ///< a factor, >= 0, for each row's product; empty: none
  RowMask excluded;                  ///< rows to leave out
  ScoreOffset offset = {};           ///< what is added to each row's product
  std::span<const std::int32_t> code_sums = {};  ///< of an int8 table, by `add_up_codes`
};

/// Exact in every precision: writes the rows with the largest `row_scale[r] * (row r . vector) +
/// offset[r]` into `picks`, best first, ties to the lower row. Returns how many: fewer than
/// `picks.size()` when the table is smaller. Nothing when a product is not finite.
std::optional<std::size_t> top_k(const TopKQuery& query, std::span<Pick> picks,
                                 const ScanKernels& kernels = scan_kernels());

/// The pass of `scan`, made of the query's table and vector, over rows from `first`, a multiple of
/// TableScan::kBlock, to `last`: gives `best` those that it may lack. Rows must come to one `best`
/// in ascending order. False when a product is not finite.
bool add_best(const TopKQuery& query, const TableScan& scan, std::size_t first, std::size_t last,
              BestPicks& best);

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_TOP_K_H_
