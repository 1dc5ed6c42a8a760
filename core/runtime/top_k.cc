// Blocks of rows against a running threshold.
#include "runtime/top_k.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

#include "runtime/finite.h"
#include "runtime/table_scan.h"

namespace palate::internal {
namespace {

/// What `TopKQuery` makes of a product; monotone, so of a bound it makes a bound.
class Score {
 public:
  explicit Score(const TopKQuery& query) : query_(query) {}

  float operator()(float product, std::size_t row) const {
    if (!query_.row_scale.empty()) product *= query_.row_scale[row];
    return query_.offset.empty() ? product : product + query_.offset[row];
  }

  bool changes() const { return !query_.row_scale.empty() || !query_.offset.empty(); }

  void replace(std::span<float> products, std::size_t first) const {
    if (!changes()) return;
    for (std::size_t r = 0; r < products.size(); ++r) {
      products[r] = (*this)(products[r], first + r);
    }
  }

 private:
  const TopKQuery& query_;
};

/// Whether one of four numbers is above the threshold.
bool any_above(const float* numbers, float threshold) {
  const auto above = load(numbers) > splat(threshold);
  std::uint64_t halves[2];
  static_assert(sizeof(halves) == sizeof(above));
  std::memcpy(halves, &above, sizeof(halves));
  return (halves[0] | halves[1]) != 0;
}

}  // namespace

std::optional<std::size_t> top_k(const TopKQuery& query, std::span<Pick> picks,
                                 const ScanKernels& kernels) {
  assert(query.vector.size() == query.table.columns);
  assert(query.row_scale.empty() || query.row_scale.size() == query.table.rows);
  assert(query.table.precision != Precision::kInt8 || query.code_sums.size() == query.table.rows);
  BestPicks best(picks);
  const TableScan scan(query.table, query.vector, query.code_sums, kernels);
  if (!scan.is_finite() || !add_best(query, scan, 0, query.table.rows, best)) return std::nullopt;
  return best.finish();
}

bool add_best(const TopKQuery& query, const TableScan& scan, std::size_t first, std::size_t last,
              BestPicks& best) {
  const Score score(query);
  const bool may_overflow = scan.is_exact() || score.changes();
  std::array<float, TableScan::kBlock> bounds;
  for (; first < last; first += bounds.size()) {
    const std::size_t count = std::min(bounds.size(), last - first);
    if (query.excluded.covers(first, count)) continue;
    const std::span<float> block = std::span(bounds).first(count);
    scan.write_bounds(first, block);
    score.replace(block, first);
    if (may_overflow && !all_finite(block)) return false;
    std::fill(bounds.begin() + static_cast<std::ptrdiff_t>(count), bounds.end(),
              -std::numeric_limits<float>::infinity());
    for (std::size_t four = 0; four < count; four += kLanes) {
      if (!any_above(&bounds[four], best.threshold())) continue;
      for (std::size_t r = four; r < four + kLanes; ++r) {
        // Rows come in ascending order, so an equal score never replaces one.
        if (!(bounds[r] > best.threshold())) continue;
        const auto row = static_cast<std::uint32_t>(first + r);
        if (query.excluded[row]) continue;
        const float exact = scan.is_exact() ? bounds[r] : score(scan.product(row), row);
        if (!std::isfinite(exact)) return false;
        best.add({ItemIndex{row}, exact});
      }
    }
  }
  return true;
}

}  // namespace palate::internal
