// Cleaning, against counts worked out by hand.
#include <catch_amalgamated.hpp>
#include <set>
#include <string>
#include <vector>

#include "data_samples.h"
#include "palate/dataset.h"
#include "palate/random.h"

namespace palate::testing {
namespace data_clean_test {

std::vector<SampleRow> cleaned(const InteractionLog& log, const CleanOptions& options,
                               CleanReport& report) {
  const Result<InteractionLog> result = clean(log, options, report);
  REQUIRE(result);
  CHECK(report.kept_rows == result->size());
  CHECK(report.kept_users == result->users.size());
  CHECK(report.kept_items == result->items.size());
  return rows_of(*result);
}

TEST_CASE("Of the rows of one user and item the newest is kept, of equally old ones the last") {
  CleanReport report;
  const std::vector<SampleRow> rows = {
      {"a", "x", 1, 30}, {"a", "x", 2, 10}, {"b", "x", 3, 10}, {"a", "y", 4, 5}, {"a", "y", 5, 5}};
  CHECK(cleaned(log_of_rows(rows, true, true), {}, report) ==
        std::vector<SampleRow>{{"a", "x", 1, 30}, {"b", "x", 3, 10}, {"a", "y", 5, 5}});
  CHECK(report.duplicates == 2);
  CHECK(report.rows == 5);
  // Without times the last row of the file is the newest.
  CHECK(cleaned(log_of_rows(rows, true, false), {}, report) ==
        std::vector<SampleRow>{{"a", "x", 2}, {"b", "x", 3}, {"a", "y", 5}});
}

TEST_CASE("Where repeats are wanted, all rows of one user and item are kept") {
  CleanReport report;
  CleanOptions options;
  options.repeats = true;
  const std::vector<SampleRow> rows = {{"a", "x", 1, 30}, {"a", "x", 2, 10}, {"a", "x", 2, 10}};
  CHECK(cleaned(log_of_rows(rows, true, true), options, report) == rows);
  CHECK(report.duplicates == 0);
}

TEST_CASE("Small values are left out, missing ones kept and counted") {
  CleanReport report;
  CleanOptions options;
  options.min_value = 3;
  CHECK(cleaned(log_of_rows({{"a", "x", 2.5F}, {"a", "y", 3}, {"b", "x"}}, true, false), options,
                report) == std::vector<SampleRow>{{"a", "y", 3}, {"b", "x"}});
  CHECK(report.below_min_value == 1);
  CHECK(report.missing_values == 1);
}

TEST_CASE("A newer small value takes the older large one with it") {
  CleanReport report;
  CleanOptions options;
  options.min_value = 3;
  CHECK(cleaned(log_of_rows({{"a", "x", 5, 1}, {"a", "x", 1, 2}, {"a", "y", 5, 3}}, true, true),
                options, report) == std::vector<SampleRow>{{"a", "y", 5, 3}});
}

TEST_CASE("Users with too many interactions are left out as outliers") {
  CleanReport report;
  CleanOptions options;
  options.max_user = 2;
  CHECK(cleaned(
            log_of_rows({{"a", "x"}, {"a", "y"}, {"a", "z"}, {"b", "x"}, {"b", "y"}}, false, false),
            options, report) == std::vector<SampleRow>{{"b", "x"}, {"b", "y"}});
  CHECK(report.outlier_users == 1);
  CHECK(report.outlier_rows == 3);
}

TEST_CASE("The k-core is repeated until nothing changes") {
  // d has one row: it goes first; then z has one row; then c has one row; a, b, x, y remain.
  CleanReport report;
  CleanOptions options;
  options.min_user = 2;
  options.min_item = 2;
  CHECK(
      cleaned(
          log_of_rows(
              {{"a", "x"}, {"a", "y"}, {"b", "x"}, {"b", "y"}, {"c", "y"}, {"c", "z"}, {"d", "z"}},
              false, false),
          options,
          report) == std::vector<SampleRow>{{"a", "x"}, {"a", "y"}, {"b", "x"}, {"b", "y"}});
  CHECK(report.core_rounds == 3);
  CHECK(report.core_users == 2);
  CHECK(report.core_items == 1);
}

TEST_CASE("The k-core of a random log is the largest set that satisfies it") {
  // Second implementation: remove one offending user or item at a time, in any order.
  Random random(5);
  std::vector<SampleRow> rows;
  std::set<std::pair<std::string, std::string>> pairs;
  for (int i = 0; i < 400; ++i) {
    const std::string user = "u" + std::to_string(random.below(60));
    const std::string item = "i" + std::to_string(random.below(40));
    if (pairs.emplace(user, item).second) rows.push_back({user, item});
  }
  CleanOptions options;
  options.min_user = 4;
  options.min_item = 7;
  CleanReport report;
  const std::vector<SampleRow> kept = cleaned(log_of_rows(rows, false, false), options, report);

  for (bool changed = true; changed;) {
    std::map<std::string, std::uint32_t> users;
    std::map<std::string, std::uint32_t> items;
    for (const auto& [user, item] : pairs) {
      ++users[user];
      ++items[item];
    }
    const auto few = [](const auto& counts, std::uint32_t least) {
      return std::find_if(counts.begin(), counts.end(),
                          [&](const auto& entry) { return entry.second < least; });
    };
    const auto user = few(users, options.min_user);
    const auto item = few(items, options.min_item);
    changed = user != users.end() || item != items.end();
    std::erase_if(pairs, [&](const auto& pair) {
      return user != users.end() ? pair.first == user->first
                                 : item != items.end() && pair.second == item->first;
    });
  }
  REQUIRE(!pairs.empty());
  std::set<std::pair<std::string, std::string>> found;
  for (const SampleRow& row : kept) found.emplace(row.user, row.item);
  CHECK(found == pairs);
}

TEST_CASE("Cleaning names the step that takes the last row") {
  const auto refused = [](const CleanOptions& options) {
    CleanReport report;
    const auto result =
        clean(log_of_rows({{"a", "x", 1}, {"a", "y", 1}}, true, false), options, report);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::kDataEmpty);
    return result.error().message;
  };
  CHECK_THAT(refused({.min_user = 3}), Catch::Matchers::ContainsSubstring("min_user"));
  CHECK_THAT(refused({.max_user = 1}), Catch::Matchers::ContainsSubstring("max_user"));
  CHECK_THAT(refused({.min_value = 2}), Catch::Matchers::ContainsSubstring("min_value"));
  CleanReport report;
  CHECK_FALSE(clean({}, {}, report));
}

}  // namespace data_clean_test
}  // namespace palate::testing
