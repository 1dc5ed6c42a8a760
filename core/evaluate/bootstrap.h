// The bootstrap: how far a mean over users would move with other users. Numbers in, numbers out.
#ifndef PALATE_EVALUATE_BOOTSTRAP_H_
#define PALATE_EVALUATE_BOOTSTRAP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/parallel.h"
#include "palate/evaluate.h"

namespace palate::internal {

/// Several measures of each user: `columns` numbers a row.
struct MeasureTable {
  std::size_t columns = 0;
  std::vector<double> values;

  std::size_t rows() const { return values.size() / columns; }
};

struct BootstrapOptions {
  std::uint32_t resamples = 0;
  std::uint64_t seed = 1;
  ProgressCallback progress;
};

/// One interval a column: the percentile bootstrap of its mean over the rows, see RankingIntervals.
/// All columns share the resamples, and a resample depends on the seed and its number alone. Empty
/// without resamples. The table has a row.
std::vector<Interval> bootstrap_intervals(const MeasureTable& table,
                                          const BootstrapOptions& options, ThreadPool& pool);

/// The bounds among the means of the resamples, of which there is at least one.
Interval percentile_interval(std::vector<double> means, double confidence);

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_BOOTSTRAP_H_
