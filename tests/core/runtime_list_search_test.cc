// Lists through an index against sorting what its lists hold, and when it is left aside.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <vector>

#include "palate/recommender.h"
#include "runtime/list_search.h"
#include "runtime/row_mask.h"
#include "runtime/table_scan.h"
#include "runtime/top_k.h"
#include "sample_lists.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_list_search_test {

using internal::ListSearch;
using internal::TopKQuery;

constexpr std::uint32_t kColumns = 21;  // no multiple of what any kernel takes at once

/// Random rows in random lists, one of which is empty.
struct Sample {
  Sample(std::uint32_t rows, std::uint32_t list_count, Precision precision)
      : centroids(SampleNumbers(1).many(std::size_t{list_count} * kColumns, -1, 1)),
        values(SampleNumbers(2).many(std::size_t{rows} * kColumns, -1, 1)),
        vector(SampleNumbers(3).many(kColumns, -1, 1)) {
    SampleNumbers numbers(4);
    for (std::uint32_t row = 0; row < rows; ++row) {
      lists.push_back(
          static_cast<std::uint16_t>(list_count == 1 ? 0 : 1 + numbers.below(list_count - 1)));
    }
    table.rows = rows;
    table.columns = kColumns;
    table.precision = precision;
    if (precision == Precision::kFloat32) {
      table.values = values;
    } else {
      quantized = quantize(values, kColumns, precision);
      table.scales = quantized.scales;
      table.codes = quantized.codes;
    }
    if (precision == Precision::kInt8) {
      code_sums.resize(rows);
      internal::add_up_codes(table, code_sums);
    }
    index.centroids = {list_count, kColumns, centroids};
    index.lists = lists;
    index.probes = std::max(list_count / 3, 1U);
    index.length = rows;
  }

  TopKQuery query(internal::RowMask excluded = {}) const {
    return {.table = table,
            .vector = vector,
            .row_scale = {},
            .excluded = excluded,
            .code_sums = code_sums};
  }

  // The rows of the lists whose centroids have the largest products, the lower list first of
  // equals.
  std::vector<Pick> probed(std::size_t count, internal::RowMask excluded = {}) const {
    std::vector<std::uint32_t> order(index.centroids.rows);
    std::iota(order.begin(), order.end(), 0U);
    const auto product = [&](std::uint32_t list) {
      const auto row = index.centroids.row(list);
      return std::inner_product(row.begin(), row.end(), vector.begin(), 0.0);
    };
    std::ranges::stable_sort(order, [&](auto a, auto b) { return product(a) > product(b); });
    const std::set<std::uint32_t> near(order.begin(), order.begin() + index.probes);
    std::vector<Pick> picks;
    for (std::uint32_t row = 0; row < table.rows; ++row) {
      if (!near.contains(lists[row]) || excluded[row]) continue;
      picks.push_back({ItemIndex{row}, internal::row_product(table, row, vector)});
    }
    std::ranges::stable_sort(picks, [](const Pick& a, const Pick& b) { return a.score > b.score; });
    picks.resize(std::min(picks.size(), count));
    return picks;
  }

  std::vector<float> centroids;
  std::vector<float> values;
  std::vector<float> vector;
  std::vector<std::uint16_t> lists;
  QuantizedTable quantized;
  std::vector<std::int32_t> code_sums;
  TableView table;
  ListIndexView index;
};

std::optional<std::vector<Pick>> best(const Sample& sample, const TopKQuery& query,
                                      std::size_t count) {
  auto search = ListSearch::create(sample.index, sample.table, sample.code_sums);
  REQUIRE(search.ok());
  const auto list = [&](std::span<Pick> room) { return (*search)->best(query, count, room); };
  std::optional<std::vector<Pick>> found;
  // The second time over what the first has left behind.
  for (int time = 0; time < 2; ++time) found = list_by(list, count, query.table.rows);
  if (found) REQUIRE(found->size() == count);
  return found;
}

void check_equal(const std::vector<Pick>& picks, const std::vector<Pick>& expected) {
  REQUIRE(picks.size() == expected.size());
  for (std::size_t i = 0; i < picks.size(); ++i) {
    CAPTURE(i);
    CHECK(picks[i].item == expected[i].item);
    CHECK(picks[i].score == expected[i].score);
  }
}

constexpr Precision kPrecisions[] = {Precision::kFloat32, Precision::kInt8, Precision::kInt4};

TEST_CASE("A list search finds the best of the nearest lists, in every precision") {
  const Precision precision = GENERATE(from_range(kPrecisions));
  const std::uint32_t rows = GENERATE(60U, 256U, 700U, 3000U);
  const Sample sample(rows, 9, precision);
  for (const std::size_t count : {1, 10, 15}) {
    CAPTURE(rows, count);
    const auto found = best(sample, sample.query(), count);
    REQUIRE(found);
    check_equal(*found, sample.probed(count));
  }
}

TEST_CASE("A list search through all lists is exact") {
  Sample sample(1000, GENERATE(1U, 7U), GENERATE(from_range(kPrecisions)));
  sample.index.probes = sample.index.centroids.rows;
  const auto expected = best_rows(sample.query(), 200);
  REQUIRE(expected);
  const auto found = best(sample, sample.query(), 200);
  REQUIRE(found);
  REQUIRE(found->size() == 200);
  check_equal(*found, *expected);
}

TEST_CASE("A list search gives ties to the lower row, whichever list comes first") {
  const std::uint32_t rows = GENERATE(900U, 9000U);
  Sample sample(rows, 6, Precision::kFloat32);
  for (std::size_t row = 1; row < rows; ++row) {
    std::copy_n(sample.values.begin(), kColumns, sample.values.begin() + row * kColumns);
  }
  const auto found = best(sample, sample.query(), 40);
  REQUIRE(found);
  check_equal(*found, sample.probed(40));
}

TEST_CASE("A list search tells rows apart that bounds do not") {
  Sample sample(6000, 4, GENERATE(Precision::kInt8, Precision::kInt4));
  sample.index.probes = GENERATE(1U, 4U);
  const auto codes = sample.quantized.codes.size() / 6000;
  for (std::size_t row = 1; row < 6000; ++row) {
    std::copy_n(sample.quantized.codes.begin(), codes,
                sample.quantized.codes.begin() + row * codes);
    sample.quantized.scales[row] = sample.quantized.scales[0];
    if (!sample.code_sums.empty()) sample.code_sums[row] = sample.code_sums[0];
  }
  const auto found = best(sample, sample.query(), 100);
  REQUIRE(found);
  check_equal(*found, sample.probed(100));
}

TEST_CASE("A list search leaves out what is excluded") {
  const std::uint32_t rows = GENERATE(800U, 8000U);
  const Sample sample(rows, 6, GENERATE(from_range(kPrecisions)));
  internal::RowBits bits;
  REQUIRE(bits.reset(rows, false).ok());
  for (const Pick& pick : sample.probed(30)) bits.leave_out(to_row(pick.item));
  const auto found = best(sample, sample.query(bits.mask()), 30);
  REQUIRE(found);
  check_equal(*found, sample.probed(30, bits.mask()));
}

TEST_CASE("A list search leaves to others what it cannot fill") {
  Sample sample(300, 12, GENERATE(from_range(kPrecisions)));
  const std::size_t held = sample.probed(300).size();
  REQUIRE(held < 300);
  CHECK(best(sample, sample.query(), held));
  CHECK_FALSE(best(sample, sample.query(), held + 1));
  sample.index.length = 5;
  CHECK(best(sample, sample.query(), 5));
  CHECK_FALSE(best(sample, sample.query(), 6));
  sample.vector[3] = GENERATE(kNoValue, std::numeric_limits<float>::infinity());
  CHECK_FALSE(best(sample, sample.query(), 5));
}

std::vector<Pick> list_of(Recommender& recommender, const Request& request, std::size_t count) {
  std::vector<Pick> picks(count);
  const auto found = recommender.recommend(sample_history(400, 6, 4), request, picks);
  if (!found) FAIL(found.error().message);
  picks.resize(*found);
  return picks;
}

bool is_equal(const std::vector<Pick>& a, const std::vector<Pick>& b) {
  return std::ranges::equal(
      a, b, [](const Pick& x, const Pick& y) { return x.item == y.item && x.score == y.score; });
}

TEST_CASE("A recommender asks the index only where a list may miss items") {
  const OpenedModel model(with_index(sample_fold_in({.items = 400})));
  Result<Recommender> exact = Recommender::create(*model);
  Result<Recommender> indexed = Recommender::create(*model);
  REQUIRE((exact.ok() && indexed.ok()));
  const auto same = [&](const Request& request, std::size_t count) {
    return is_equal(list_of(*exact, request, count), list_of(*indexed, request, count));
  };
  CHECK(same({}, 40));
  REQUIRE(indexed->use_index().ok());
  CHECK_FALSE(same({}, 40));
  CHECK_FALSE(same({.reranking = {.popularity = 0.1F, .pool = 40}}, 40));
  CHECK(same({.filter = {.exact = true}}, 40));
  CHECK(same({}, 61));  // over the index's length
  std::vector<ItemIndex> only(100);
  for (std::uint32_t i = 0; i < 100; ++i) only[i] = ItemIndex{3 * i};
  CHECK(same({.filter = {.only = only}}, 40));
  const Condition years[] = {{.attribute = 1, .minimum = 0, .maximum = 3000}};
  CHECK(same({.filter = {.where = years}}, 40));
  const Cap caps[] = {{.attribute = 0, .count = 30}};
  CHECK(same({.reranking = {.caps = caps}}, 40));
}

TEST_CASE("What the index finds has the scores of the exact list, and none of it is seen") {
  const OpenedModel model(with_index(sample_fold_in({.items = 400})));
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE((recommender.ok() && recommender->use_index().ok()));
  const std::vector<Pick> all = list_of(*recommender, {.filter = {.exact = true}}, 400);
  for (const Pick& pick : list_of(*recommender, {}, 50)) {
    const auto exact = std::ranges::find(all, pick.item, &Pick::item);
    REQUIRE(exact != all.end());
    CHECK(exact->score == pick.score);
  }
}

TEST_CASE("A ranker takes its candidates from the index") {
  const OpenedModel model(with_index(sample_hybrid({.items = 400, .candidates = 30})));
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE((recommender.ok() && recommender->use_index().ok()));
  const std::vector<Pick> exact = list_of(*recommender, {.filter = {.exact = true}}, 30);
  const std::vector<Pick> found = list_of(*recommender, {}, 30);
  CHECK_FALSE(is_equal(found, exact));
  const Result<ListIndexView> index = model->list_index();
  std::set<std::uint16_t> probed;
  for (const Pick& pick : found) probed.insert(index->lists[to_row(pick.item)]);
  CHECK(probed.size() <= 2);
}

TEST_CASE("A model without an index, and one without vectors, have none to use") {
  for (const ModelContents& contents : samples_of_every_encoder({.items = 400})) {
    const OpenedModel model(contents);
    Result<Recommender> recommender = Recommender::create(*model);
    REQUIRE(recommender.ok());
    const std::vector<Pick> before = list_of(*recommender, {}, 10);
    REQUIRE(recommender->use_index().ok());
    CHECK(is_equal(before, list_of(*recommender, {}, 10)));
  }
}

}  // namespace runtime_list_search_test
}  // namespace palate::testing
