// Top-k against sorting everything.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <limits>
#include <vector>

#include "runtime/table_scan.h"
#include "runtime/top_k.h"
#include "sample_lists.h"
#include "sample_models.h"
#include "sample_table.h"

namespace palate::testing {
namespace runtime_top_k_test {

using internal::TopKQuery;

// Sorts all rows by (score, row) and takes the first k that are not excluded.
std::vector<Pick> sorted_picks(const TopKQuery& query, std::size_t count) {
  std::vector<Pick> picks;
  for (std::uint32_t row = 0; row < query.table.rows; ++row) {
    if (query.excluded[row]) continue;
    float score = internal::row_product(query.table, row, query.vector);
    if (!query.row_scale.empty()) score *= query.row_scale[row];
    if (!query.offset.empty()) score += query.offset[row];
    picks.push_back({ItemIndex{row}, score});
  }
  std::stable_sort(picks.begin(), picks.end(),
                   [](const Pick& a, const Pick& b) { return a.score > b.score; });
  picks.resize(std::min(picks.size(), count));
  return picks;
}

void check_against_sorting(const TopKQuery& query, std::size_t count) {
  const auto found = best_rows(query, count);
  const std::vector<Pick> expected = sorted_picks(query, count);
  REQUIRE(found);
  REQUIRE(found->size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK((*found)[i].item == expected[i].item);
    CHECK((*found)[i].score == expected[i].score);
  }
}

TableView view(const std::vector<float>& values, std::uint32_t columns) {
  TableView table;
  table.rows = static_cast<std::uint32_t>(values.size() / columns);
  table.columns = columns;
  table.values = values;
  return table;
}

TEST_CASE("Top-k is what sorting gives, for any number of rows and picks") {
  const std::uint32_t rows = GENERATE(1, 7, 8, 255, 256, 257, 1000);
  const std::size_t count = GENERATE(1, 5, 100, 2000);
  CAPTURE(rows, count);
  SampleNumbers numbers(rows);
  const std::vector<float> table = numbers.many(rows * 5, -1, 1);
  const std::vector<float> vector = numbers.many(5, -1, 1);
  check_against_sorting(
      {.table = view(table, 5), .vector = vector, .row_scale = {}, .excluded = {}}, count);
}

TEST_CASE("Top-k gives ties to the lower row") {
  SampleNumbers numbers(4);
  std::vector<float> table(600);
  for (float& x : table) x = static_cast<float>(numbers.below(4));
  const std::vector<float> one = {1.0F};
  const std::size_t count = GENERATE(1, 10, 300, 600);
  check_against_sorting({.table = view(table, 1), .vector = one, .row_scale = {}, .excluded = {}},
                        count);
}

TEST_CASE("Top-k of equal scores is the first rows") {
  const std::vector<float> table(1000, 0.25F);
  const std::vector<float> one = {1.0F};
  const auto found =
      best_rows({.table = view(table, 1), .vector = one, .row_scale = {}, .excluded = {}}, 20);
  REQUIRE(found);
  REQUIRE(found->size() == 20);
  for (std::size_t i = 0; i < 20; ++i) CHECK((*found)[i].item == to_item(i));
}

TEST_CASE("Top-k leaves the excluded rows out") {
  SampleNumbers numbers(9);
  const std::vector<float> table = numbers.many(500 * 3, -1, 1);
  const std::vector<float> vector = numbers.many(3, -1, 1);
  internal::RowBits excluded;
  REQUIRE(excluded.reset(500, false).ok());
  for (const Pick& pick : sorted_picks({view(table, 3), vector, {}, {}}, 30)) {
    excluded.leave_out(to_row(pick.item));
  }
  const TopKQuery query{view(table, 3), vector, {}, excluded.mask()};
  check_against_sorting(query, 10);
  check_against_sorting(query, 500);
}

TEST_CASE("Top-k finds nothing when every row is excluded") {
  const std::vector<float> table = {1, 2, 3};
  const std::vector<float> one = {1.0F};
  internal::RowBits all;
  REQUIRE(all.reset(3, false).ok());
  for (const std::size_t row : {0, 1, 2}) all.leave_out(row);
  const auto found = best_rows({view(table, 1), one, {}, all.mask()}, 2);
  REQUIRE(found);
  CHECK(found->empty());
}

TEST_CASE("Top-k finds the few rows that are let in, wherever they stand") {
  const std::size_t rows = GENERATE(31, 32, 33, 256, 700, 1024);
  SampleNumbers numbers(rows);
  const std::vector<float> table = numbers.many(rows * 3, -1, 1);
  const std::vector<float> vector = numbers.many(3, -1, 1);
  internal::RowBits bits;
  REQUIRE(bits.reset(rows, true).ok());
  for (std::size_t i = 0; i < 5; ++i) bits.let_in(numbers.below(static_cast<std::uint32_t>(rows)));
  bits.let_in(rows - 1);
  check_against_sorting({view(table, 3), vector, {}, bits.mask()}, 4);
  check_against_sorting({view(table, 3), vector, {}, bits.mask()}, 50);
}

TEST_CASE("Top-k scales each row's product") {
  SampleNumbers numbers(11);
  const std::vector<float> table = numbers.many(300 * 4, -1, 1);
  const std::vector<float> vector = numbers.many(4, -1, 1);
  const std::vector<float> scales = numbers.many(300, 0, 2);
  check_against_sorting({view(table, 4), vector, scales, {}}, 25);
}

TEST_CASE("Top-k refuses products that are not finite") {
  const float huge = std::numeric_limits<float>::max();
  std::vector<float> table(300, 1.0F);
  table[299] = huge;
  const std::vector<float> vector = {2.0F};
  CHECK_FALSE(best_rows({view(table, 1), vector, {}, {}}, 3));
}

constexpr Precision kPrecisions[] = {Precision::kFloat32, Precision::kInt8, Precision::kInt4};

// So many that rows are dropped on the way.
constexpr std::uint32_t kMany = 5000;

SampleTable many_rows(Precision precision) {
  return {SampleNumbers(12).many(std::size_t{kMany} * 16, -1, 1), 16, precision};
}

TEST_CASE(
    "Top-k of many rows is what sorting gives, scaled, offset and filtered, in any precision") {
  const SampleTable table = many_rows(GENERATE(from_range(kPrecisions)));
  const std::size_t count = GENERATE(0, 1, 100, 2000, kMany, kMany + 1);
  CAPTURE(count);
  SampleNumbers numbers(13);
  const std::vector<float> vector = numbers.many(16, -1, 1);
  const std::vector<float> scales = numbers.many(kMany, 0, 2);
  const OpenedModel model(sample_value_fold_in({.items = kMany}));
  internal::RowBits most;
  REQUIRE(most.reset(kMany, false).ok());
  for (std::uint32_t row = 0; row < kMany; ++row) {
    if (row % 64 != 5 || row % 7 == 0) most.leave_out(row);
  }
  TopKQuery query{.table = table.view(),
                  .vector = vector,
                  .row_scale = {},
                  .excluded = {},
                  .code_sums = table.code_sums()};
  check_against_sorting(query, count);
  query.row_scale = scales;
  check_against_sorting(query, count);
  query.excluded = most.mask();
  check_against_sorting(query, count);
  query.offset = internal::ScoreOffset(*model);
  check_against_sorting(query, count);
  query.excluded = {};
  check_against_sorting(query, count);
}

TEST_CASE("Top-k tells rows apart that bounds do not, in any precision") {
  const Precision precision = GENERATE(from_range(kPrecisions));
  const std::size_t count = GENERATE(1, 100, 3000);
  const bool same = GENERATE(true, false);
  std::vector<float> values(std::size_t{kMany} * 8, 0.37F);
  // By less than what rounding the vector may hide.
  if (!same) {
    for (std::size_t i = 0; i < values.size(); i += 8) values[i] += 0.01F * (i / 8 % 5);
  }
  const SampleTable table(values, 8, precision);
  const std::vector<float> vector = {0.02F, -0.5F, 0.25F, 0.1F, 3, 0.7F, -1.1F, 0.3F};
  check_against_sorting({.table = table.view(),
                         .vector = vector,
                         .row_scale = {},
                         .excluded = {},
                         .code_sums = table.code_sums()},
                        count);
}

TEST_CASE(
    "Top-k refuses a score that is not finite, wherever it stands and however few are wanted") {
  const Precision precision = GENERATE(from_range(kPrecisions));
  const std::size_t place = GENERATE(0, 255, 256, 3000, kMany - 1);
  const float bad = GENERATE(std::numeric_limits<float>::infinity(), kNoValue, 3e38F);
  const SampleTable table(std::vector<float>(std::size_t{kMany} * 4, 1.0F), 4, precision);
  const std::vector<float> vector = {2, 2, 2, 2};
  std::vector<float> scales(kMany, 1.0F);
  scales[place] = bad;
  const TopKQuery query{.table = table.view(),
                        .vector = vector,
                        .row_scale = scales,
                        .excluded = {},
                        .code_sums = table.code_sums()};
  CHECK_FALSE(best_rows(query, 1));
  CHECK_FALSE(best_rows(query, 100));
  CHECK_FALSE(best_rows(query, kMany));
}

}  // namespace runtime_top_k_test
}  // namespace palate::testing
