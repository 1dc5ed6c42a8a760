// The best rows of a table for one vector, kept on the way over its rows.
#ifndef PALATE_RUNTIME_BEST_ROWS_H_
#define PALATE_RUNTIME_BEST_ROWS_H_

#include <cstddef>
#include <span>

#include "runtime/best_picks.h"
#include "runtime/table_scan.h"
#include "runtime/top_k.h"

namespace palate::internal {

/// Rows are gathered by their bounds: an exact product costs as much as the bounds of a dozen rows,
/// and few of those gathered are left in the end. Borrows what it is given.
class BestRows {
 public:
  /// `scan` is of the query's table and vector, `room` as `BestPicks` wants it.
  BestRows(const TopKQuery& query, const TableScan& scan, std::size_t count, std::span<Pick> room)
      : query_(query), scan_(scan), best_(room, count), is_settled_(scan.is_exact()) {}

  /// Looks at the places from `first` to `last` of the table, in ascending order unless the query
  /// names its rows; from a multiple of TableScan::kBlock where rows are left out. False when a
  /// score is not finite.
  bool look(std::size_t first, std::size_t last);

  /// Gives what is left its exact scores. False when one is not finite.
  bool settle();

  /// What was found; of use once it is settled.
  BestPicks& picks() { return best_; }

 private:
  bool make_space(std::size_t rows);
  bool take(std::size_t gathered);
  void cut();
  bool score(std::size_t place, Pick& pick) const;
  float least_of(const Pick& pick) const;
  float bar() const;

  const TopKQuery& query_;
  const TableScan& scan_;
  BestPicks best_;   // until it is settled, places with their bounds
  bool is_settled_;  // rows with their scores
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_BEST_ROWS_H_
