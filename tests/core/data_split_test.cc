// Catalogue order, histories and the three ways to hold out.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "data_samples.h"
#include "palate/dataset.h"
#include "palate/random.h"

namespace palate::testing {
namespace data_split_test {

using Texts = std::vector<std::string>;

InteractionLog sample_log() {
  return log_of_rows({{"b", "y", 1, 20},
                      {"a", "x", 2, 30},
                      {"a", "y", 3, 10},
                      {"a", "z", 4, 30},
                      {"c", "x", 5, 50}},
                     true, true);
}

InteractionLog random_log(std::size_t users, std::size_t rows) {
  Random random(9);
  std::vector<SampleRow> result;
  std::set<std::pair<std::string, std::string>> pairs;
  while (result.size() < rows) {
    const std::string user = "u" + std::to_string(random.below(users));
    const std::string item = "i" + std::to_string(random.below(200));
    if (!pairs.emplace(user, item).second) continue;
    result.push_back({user, item, kNoValue, static_cast<std::int64_t>(random.below(5000))});
  }
  return log_of_rows(result, false, true);
}

using RowSet = std::multiset<std::tuple<std::string, std::string, std::int64_t>>;

RowSet row_set(const InteractionLog& log) {
  RowSet rows;
  for (const SampleRow& row : rows_of(log)) rows.emplace(row.user, row.item, row.time_ms);
  return rows;
}

bool disjoint(const RowSet& left, const RowSet& right) {
  return std::none_of(left.begin(), left.end(),
                      [&](const auto& row) { return right.contains(row); });
}

Split split_or_fail(const InteractionLog& log, const SplitOptions& options) {
  Result<Split> parts = split(log, options);
  REQUIRE(parts);
  const RowSet test = row_set(parts->test);
  CHECK(disjoint(test, row_set(parts->train)));
  CHECK(disjoint(test, row_set(parts->history)));
  return std::move(*parts);
}

std::map<std::string, std::vector<SampleRow>> by_user(const InteractionLog& log) {
  std::map<std::string, std::vector<SampleRow>> users;
  for (const SampleRow& row : rows_of(log)) users[row.user].push_back(row);
  return users;
}

TEST_CASE("The catalogue is ordered by popularity, then id; histories are oldest first") {
  Catalogue items;
  items.ids = {"w", "z", "x"};
  items.titles = {"W", "Z", "X"};
  items.popularity = {0, 0, 0};
  Attribute& genre = items.attributes.emplace_back();
  genre.name = "genre";
  genre.kind = AttributeKind::kCategory;
  genre.categories = {"only w", "g", "h"};
  genre.offsets = {0, 1, 3, 4};
  genre.entries = {0, 2, 1, 1};
  Attribute& year = items.attributes.emplace_back();
  year.name = "year";
  year.kind = AttributeKind::kNumber;
  year.numbers = {1, 2, 3};
  JoinReport report;
  const Dataset dataset = make_dataset(sample_log(), items, report);
  CHECK(dataset.catalogue.ids == Texts{"x", "y", "z"});
  CHECK(dataset.catalogue.popularity == std::vector<std::uint32_t>{2, 2, 1});
  CHECK(dataset.catalogue.titles == Texts{"X", "", "Z"});
  CHECK(report.without_interaction == 1);
  CHECK(report.without_facts == 1);

  const Attribute& genres = dataset.catalogue.attributes[0];
  CHECK(genres.categories == Texts{"g", "h"});  // "only w" went with w
  CHECK(genres.offsets == std::vector<std::uint32_t>{0, 1, 1, 3});
  CHECK(genres.entries == std::vector<std::uint32_t>{0, 1, 0});
  const std::vector<float>& years = dataset.catalogue.attributes[1].numbers;
  CHECK((years[0] == 3 && std::isnan(years[1]) && years[2] == 2));

  CHECK(dataset.users == Texts{"b", "a", "c"});
  REQUIRE(dataset.histories.user_count() == 3);
  const std::span<const Event> of_a = dataset.histories.of(1);
  REQUIRE(of_a.size() == 3);
  CHECK((to_row(of_a[0].item) == 1 && to_row(of_a[1].item) == 0 && to_row(of_a[2].item) == 2));
  CHECK((of_a[0].time_ms == 10 && of_a[0].value == 3 && of_a[0].weight == 1));
  CHECK((dataset.has_values && dataset.has_times));
}

TEST_CASE("Leave-last-out holds out the newest interaction of every user with two or more") {
  const Split parts = split_or_fail(sample_log(), {.protocol = Protocol::kLeaveLastOut});
  // Of a's two rows at time 30 the later in the file is the newest; b and c have one row each.
  CHECK(row_set(parts.test) == RowSet{{"a", "z", 30}});
  CHECK(row_set(parts.history) == RowSet{{"a", "x", 30}, {"a", "y", 10}});
  CHECK(row_set(parts.train) ==
        RowSet{{"a", "x", 30}, {"a", "y", 10}, {"b", "y", 20}, {"c", "x", 50}});
  CHECK(parts.test.users == sample_log().users);
}

TEST_CASE("Without times the order of the file is the order of time") {
  const auto log = log_of_rows({{"a", "x"}, {"b", "x"}, {"a", "y"}, {"b", "z"}}, false, false);
  const Split parts = split_or_fail(log, {.protocol = Protocol::kLeaveLastOut});
  CHECK(row_set(parts.test) == RowSet{{"a", "y", -1}, {"b", "z", -1}});
}

TEST_CASE("User-split takes whole users out of training and holds out their newest rows") {
  const InteractionLog log = random_log(100, 2000);
  const SplitOptions options{
      .protocol = Protocol::kUserSplit, .share = 0.3, .held_share = 0.2, .seed = 4};
  const Split parts = split_or_fail(log, options);
  const auto train = by_user(parts.train);
  const auto history = by_user(parts.history);
  const auto test = by_user(parts.test);
  CHECK(test.size() == 30);
  CHECK(train.size() == 70);
  for (const auto& [user, held] : test) {
    CHECK_FALSE(train.contains(user));
    REQUIRE(history.contains(user));
    const std::vector<SampleRow>& seen = history.at(user);
    const double expected = 0.2 * static_cast<double>(held.size() + seen.size());
    CHECK(std::abs(static_cast<double>(held.size()) - expected) <= 0.5);
    const auto older = [](const SampleRow& l, const SampleRow& r) { return l.time_ms < r.time_ms; };
    CHECK(std::max_element(seen.begin(), seen.end(), older)->time_ms <=
          std::min_element(held.begin(), held.end(), older)->time_ms);
  }
  CHECK(parts.train.size() + parts.history.size() + parts.test.size() == log.size());

  CHECK(row_set(split_or_fail(log, options).test) == row_set(parts.test));
  SplitOptions other = options;
  other.seed = 5;
  CHECK(row_set(split_or_fail(log, other).test) != row_set(parts.test));
}

TEST_CASE("Time-split trains on what is strictly older than all that is held out") {
  const InteractionLog log = random_log(100, 2000);
  const Split parts = split_or_fail(log, {.protocol = Protocol::kTimeSplit, .share = 0.1});
  CHECK(*std::max_element(parts.train.time_ms.begin(), parts.train.time_ms.end()) <
        *std::min_element(parts.test.time_ms.begin(), parts.test.time_ms.end()));
  CHECK(parts.test.size() >= 200);
  CHECK(parts.test.size() < 210);  // 200 and rows of the same millisecond
  CHECK(parts.train.size() + parts.test.size() == log.size());
  const auto test = by_user(parts.test);
  const auto train = by_user(parts.train);
  for (const auto& [user, rows] : by_user(parts.history)) {
    CHECK(test.contains(user));
    CHECK(rows.size() == train.at(user).size());
  }
}

TEST_CASE("Splits that cannot be made are refused") {
  const auto code = [](const InteractionLog& log, const SplitOptions& options) {
    const Result<Split> parts = split(log, options);
    REQUIRE_FALSE(parts);
    return parts.error().code;
  };
  const auto untimed = log_of_rows({{"a", "x"}, {"a", "y"}}, false, false);
  CHECK(code(untimed, {.protocol = Protocol::kTimeSplit}) == ErrorCode::kRequestInvalid);
  CHECK(code(untimed, {.protocol = Protocol::kUserSplit, .share = 0}) ==
        ErrorCode::kRequestInvalid);
  CHECK(code(untimed, {.protocol = Protocol::kUserSplit, .share = 1.5}) ==
        ErrorCode::kRequestInvalid);
  const auto single = log_of_rows({{"a", "x"}, {"b", "y"}}, false, false);
  CHECK(code(single, {.protocol = Protocol::kLeaveLastOut}) == ErrorCode::kDataEmpty);
  CHECK(code(untimed, {.protocol = Protocol::kUserSplit}) == ErrorCode::kDataEmpty);
}

}  // namespace data_split_test
}  // namespace palate::testing
