// The bootstrap: resamples of the users, and the bounds between which their means lie.
#include "evaluate/bootstrap.h"

#include <algorithm>
#include <cassert>

#include "evaluate/stage.h"
#include "palate/random.h"

namespace palate::internal {
namespace {

/// Means over as many rows as the table has, drawn with replacement.
void mean_of_resample(const MeasureTable& table, Random random, std::span<double> means) {
  std::fill(means.begin(), means.end(), 0.0);
  const std::size_t rows = table.rows();
  for (std::size_t drawn = 0; drawn < rows; ++drawn) {
    const auto row = static_cast<std::size_t>(random.below(rows));
    const double* values = table.values.data() + row * table.columns;
    for (std::size_t column = 0; column < means.size(); ++column) means[column] += values[column];
  }
  for (double& mean : means) mean /= static_cast<double>(rows);
}

}  // namespace

Interval percentile_interval(std::vector<double> means, double confidence) {
  assert(!means.empty());
  std::sort(means.begin(), means.end());
  const double beyond = (static_cast<double>(means.size()) + 1) * (1 - confidence) / 2;
  // The sum forgives the rounding of 1 - confidence: a tail of 25 must not become one of 24.
  const auto place = std::max<std::size_t>(static_cast<std::size_t>(beyond + 1e-9), 1);
  return {means[place - 1], means[means.size() - place]};
}

std::vector<Interval> bootstrap_intervals(const MeasureTable& table,
                                          const BootstrapOptions& options, ThreadPool& pool) {
  if (options.resamples == 0) return {};
  assert(table.rows() > 0);
  std::vector<double> means(options.resamples * table.columns);
  Stage stage(options.progress, "bootstrap", options.resamples, "resample");
  pool.for_each_chunk(options.resamples, 1, [&](const Chunk& chunk) {
    mean_of_resample(table, Random(options.seed, chunk.index),
                     std::span(means).subspan(chunk.index * table.columns, table.columns));
    stage.advance(chunk.worker);
  });
  stage.end();
  std::vector<Interval> intervals;
  for (std::size_t column = 0; column < table.columns; ++column) {
    std::vector<double> of_column;
    for (std::size_t at = column; at < means.size(); at += table.columns) {
      of_column.push_back(means[at]);
    }
    intervals.push_back(percentile_interval(std::move(of_column), kConfidence));
  }
  return intervals;
}

}  // namespace palate::internal
