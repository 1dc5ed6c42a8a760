// Top-k against sorting everything.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <limits>
#include <optional>
#include <vector>

#include "runtime/table_scan.h"
#include "runtime/top_k.h"
#include "sample_models.h"

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
    picks.push_back({ItemIndex{row}, score});
  }
  std::stable_sort(picks.begin(), picks.end(),
                   [](const Pick& a, const Pick& b) { return a.score > b.score; });
  picks.resize(std::min(picks.size(), count));
  return picks;
}

void check_against_sorting(const TopKQuery& query, std::size_t count) {
  std::vector<Pick> picks(count);
  const std::optional<std::size_t> found = internal::top_k(query, picks);
  const std::vector<Pick> expected = sorted_picks(query, count);
  REQUIRE(found == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(picks[i].item == expected[i].item);
    CHECK(picks[i].score == expected[i].score);
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
  std::vector<Pick> picks(20);
  const auto found = internal::top_k(
      {.table = view(table, 1), .vector = one, .row_scale = {}, .excluded = {}}, picks);
  REQUIRE(found == 20);
  for (std::size_t i = 0; i < picks.size(); ++i) CHECK(picks[i].item == to_item(i));
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
  std::vector<Pick> picks(2);
  CHECK(internal::top_k({view(table, 1), one, {}, all.mask()}, picks) == 0);
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
  std::vector<Pick> picks(3);
  CHECK(internal::top_k({view(table, 1), vector, {}, {}}, picks) == std::nullopt);
}

}  // namespace runtime_top_k_test
}  // namespace palate::testing
