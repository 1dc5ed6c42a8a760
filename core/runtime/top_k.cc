// One pass over all rows.
#include "runtime/top_k.h"

#include <cassert>

#include "runtime/best_rows.h"
#include "runtime/table_scan.h"

namespace palate::internal {

std::optional<std::size_t> top_k(const TopKQuery& query, std::size_t count, std::span<Pick> room,
                                 const ScanKernels& kernels) {
  assert(query.vector.size() == query.table.columns);
  assert(query.row_scale.empty() || query.row_scale.size() == query.table.rows);
  assert(query.table.precision != Precision::kInt8 || query.code_sums.size() == query.table.rows);
  const TableScan scan(query.table, query.vector, query.code_sums, kernels);
  BestRows best(query, scan, count, room);
  if (!scan.is_finite() || !best.look(0, query.table.rows) || !best.settle()) return std::nullopt;
  return best.picks().finish();
}

}  // namespace palate::internal
