// The bootstrap against what statistics knows in closed form.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "evaluate/bootstrap.h"
#include "palate/random.h"

namespace palate::internal {
namespace evaluate_bootstrap_test {

using Catch::Approx;

std::vector<Interval> intervals_of(const MeasureTable& table, std::uint32_t resamples,
                                   unsigned threads = 2, std::uint64_t seed = 1) {
  ThreadPool pool(threads);
  return bootstrap_intervals(table, {.resamples = resamples, .seed = seed, .progress = {}}, pool);
}

/// Rows of a standard normal number and of one uniform in [0, 1).
MeasureTable drawn_table(std::uint64_t seed, std::size_t rows) {
  Random random(seed);
  MeasureTable table{2, {}};
  for (std::size_t row = 0; row < rows; ++row) {
    table.values.push_back(random.normal());
    table.values.push_back(random.uniform());
  }
  return table;
}

/// 1.96 standard errors of the mean of a column.
double normal_half_width(const MeasureTable& table, std::size_t column) {
  const auto rows = static_cast<double>(table.rows());
  double sum = 0;
  double squares = 0;
  for (std::size_t at = column; at < table.values.size(); at += table.columns) {
    sum += table.values[at];
    squares += table.values[at] * table.values[at];
  }
  return 1.959964 * std::sqrt((squares - sum * sum / rows) / rows / rows);
}

TEST_CASE("The bounds are the means at the places that Efron and Tibshirani name") {
  std::vector<double> means(1000);
  std::iota(means.begin(), means.end(), 1.0);
  std::reverse(means.begin(), means.end());
  // floor(1001 * 0.025) = 25: the 25th smallest and the 25th largest.
  const Interval interval = percentile_interval(means, 0.95);
  CHECK(interval.low == 25);
  CHECK(interval.high == 976);
  // floor(40 * 0.025) = 1, although 0.025 has no exact binary form.
  const Interval of_few = percentile_interval({means.begin(), means.begin() + 39}, 0.95);
  CHECK(of_few.low == 962);
  CHECK(of_few.high == 1000);
  CHECK(percentile_interval({3.0}, 0.95).low == 3);
}

TEST_CASE("The interval of a mean is 1.96 standard errors wide on either side, within 6 %") {
  // The standard deviation of a bound that 4,000 resamples give is 2 % of 1.96 standard errors.
  const MeasureTable table = drawn_table(3, 2000);
  const auto intervals = intervals_of(table, 4000);
  REQUIRE(intervals.size() == 2);
  for (std::size_t column = 0; column < 2; ++column) {
    double mean = 0;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      mean += table.values[row * 2 + column] / static_cast<double>(table.rows());
    }
    const double half_width = normal_half_width(table, column);
    CHECK(mean - intervals[column].low == Approx(half_width).epsilon(0.06));
    CHECK(intervals[column].high - mean == Approx(half_width).epsilon(0.06));
  }
}

TEST_CASE("Nineteen intervals of twenty hold the mean that the users were drawn from") {
  // 400 draws of 60 users: the share of a true 95 % lies within 3 standard errors of 1.1 %.
  int holds = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto intervals = intervals_of(drawn_table(seed, 60), 400, 1, seed);
    holds += intervals[0].low <= 0 && intervals[0].high >= 0 ? 1 : 0;
  }
  CHECK(holds >= 400 * 0.95 - 13);
  CHECK(holds <= 400 * 0.95 + 13);
}

TEST_CASE("Resamples are the same, bit for bit, with any number of threads") {
  const MeasureTable table = drawn_table(5, 300);
  const auto one = intervals_of(table, 500, 1);
  for (const unsigned threads : {2U, 4U}) {
    const auto many = intervals_of(table, 500, threads);
    for (std::size_t column = 0; column < 2; ++column) {
      CHECK(many[column].low == one[column].low);
      CHECK(many[column].high == one[column].high);
    }
  }
  CHECK(intervals_of(table, 500, 1, 2)[0].low != one[0].low);
}

TEST_CASE("What does not vary has an interval without width") {
  const MeasureTable table{2, {0.5, 1, 0.5, 0, 0.5, 1, 0.5, 0}};
  const auto intervals = intervals_of(table, 200);
  CHECK(intervals[0].low == 0.5);
  CHECK(intervals[0].high == 0.5);
  CHECK(intervals[1].low < intervals[1].high);
}

TEST_CASE("Without resamples there are no intervals") {
  CHECK(intervals_of(drawn_table(1, 10), 0).empty());
}

}  // namespace evaluate_bootstrap_test
}  // namespace palate::internal
