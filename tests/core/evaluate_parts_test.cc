// The evaluation's tables: what lists are made of, parts of the users, parts of the items.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "evaluate_samples.h"
#include "palate/evaluate.h"

namespace palate {
namespace evaluate_parts_test {

using Catch::Approx;
using testing::evaluated;
using testing::fold_in_contents;
using testing::log_of;
using testing::open_model;
using testing::popularity_contents;

TEST_CASE("What a list is made of is measured as worked out by hand") {
  // Popularity 4, 3, 2, 1 of 10. Ann, who chose i3, is shown i0 and i1; bob, new, the same.
  const auto [bytes, model] = open_model(popularity_contents(4));
  const auto history = log_of({{"ann", "i3"}});
  const auto test = log_of({{"ann", "i0"}, {"bob", "i3"}});
  const ListMetrics lists = evaluated(model, history, test, {.ks = {2}}).model[0].lists;
  CHECK(lists.coverage == 0.5);
  CHECK(lists.novelty == Approx((-std::log2(0.4) - std::log2(0.3)) / 2));
  CHECK(lists.gini == Approx(0.5));
  CHECK(lists.popularity == Approx(3.5));
  REQUIRE(lists.popularity_lift.has_value());
  CHECK(*lists.popularity_lift == Approx((3.5 - 1) / 1));
  CHECK_FALSE(lists.diversity.has_value());
}

TEST_CASE("Popularity lift is taken over the users with a history, each of them once") {
  // Ann: history 4 and 2, mean 3, shown i1 (3). Bob: history 1, shown i0 (4). Cy has none.
  const auto [bytes, model] = open_model(popularity_contents(4));
  const auto history = log_of({{"ann", "i0"}, {"ann", "i2"}, {"ann", "i0"}, {"bob", "i3"}});
  const auto test = log_of({{"ann", "i1"}, {"bob", "i1"}, {"cy", "i1"}});
  const ListMetrics lists = evaluated(model, history, test, {.ks = {1}}).model[0].lists;
  CHECK(*lists.popularity_lift == Approx(((3 + 4) / 2.0) / ((3 + 1) / 2.0) - 1));
  CHECK(lists.popularity == Approx((3 + 4 + 4) / 3.0));
  const auto nobody = evaluated(model, {}, test, {.ks = {1}});
  CHECK_FALSE(nobody.model[0].lists.popularity_lift.has_value());
}

TEST_CASE("A user who has seen all items has no list and stays out of what lists are made of") {
  const auto [bytes, model] = open_model(popularity_contents(2));
  const auto history = log_of({{"ann", "i0"}, {"ann", "i1"}});
  const auto test = log_of({{"ann", "new"}, {"bob", "i1"}});
  const auto report = evaluated(model, history, test, {.ks = {1}});
  CHECK(report.users == 2);
  CHECK(report.model[0].lists.popularity == Approx(2.0));
  CHECK_FALSE(report.model[0].lists.popularity_lift.has_value());
}

TEST_CASE("Users are grouped by how many different items their history holds") {
  const auto [bytes, model] = open_model(popularity_contents(9));
  const auto history = log_of({{"one", "i0"},
                               {"one", "i0"},
                               {"two", "i1"},
                               {"two", "i2"},
                               {"two", "unknown"},
                               {"three", "i0"},
                               {"three", "i1"},
                               {"three", "i2"}});
  const auto test =
      log_of({{"none", "i0"}, {"none", "i8"}, {"one", "i1"}, {"two", "i8"}, {"three", "i3"}});
  const auto report = evaluated(model, history, test, {.ks = {1, 2}});
  const auto& parts = report.by_history_length;
  REQUIRE(parts.size() == 3);
  CHECK((parts[0].shortest == 0 && parts[0].longest == 0));
  CHECK((parts[1].shortest == 1 && parts[1].longest == 2));
  CHECK((parts[2].shortest == 3 && parts[2].longest == 5));
  CHECK(parts[0].users == 1);
  CHECK(parts[1].users == 2);
  CHECK(parts[2].users == 1);
  // New: i0 of two at rank 1. Short: "one" hits i1 at once, "two" misses. Three: i3 at once.
  CHECK(parts[0].model[0].recall == Approx(0.5));
  CHECK(parts[0].model[1].ndcg == Approx(1 / (1 + 1 / std::log2(3.0))));
  CHECK(parts[1].model[0].recall == Approx(0.5));
  CHECK(parts[1].model[0].ndcg == Approx(0.5));
  CHECK(parts[2].model[0].ndcg == 1.0);
  CHECK(parts[2].popularity[1].recall == 1.0);
}

TEST_CASE("Held-out items are grouped by popularity, each group against its own ideal") {
  // Popularity 5, 4, 3, 2, 1: head i0; torso i1, i2; tail i3, i4.
  const auto [bytes, model] = open_model(popularity_contents(5));
  const auto test = log_of({{"ann", "i0"},
                            {"ann", "i2"},
                            {"ann", "i4"},
                            {"bob", "i2"},
                            {"bob", "i1"},
                            {"bob", "unknown"}});
  const auto report = evaluated(model, {}, test, {.ks = {2}});
  const auto& parts = report.by_item_popularity;
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].popularity_class == PopularityClass::kHead);
  CHECK((parts[0].items == 1 && parts[1].items == 2 && parts[2].items == 2));
  CHECK(parts[0].share == Approx(1.0 / 3.0));
  CHECK(parts[1].share == Approx(7.0 / 15.0));
  CHECK((parts[0].held_out == 1 && parts[1].held_out == 3 && parts[2].held_out == 1));
  CHECK((parts[0].users == 1 && parts[1].users == 2 && parts[2].users == 1));
  // The list is i0, i1. Torso: ann finds nothing; bob finds i1 of two, at rank 2.
  CHECK(parts[0].model[0].recall == 1.0);
  CHECK(parts[1].model[0].recall == Approx(0.25));
  const double second = 1 / std::log2(3.0);
  CHECK(parts[1].model[0].ndcg == Approx(second / (1 + second) / 2));
  CHECK(parts[2].model[0].recall == 0.0);
}

TEST_CASE("A class that nothing was held out of has no users and zeros") {
  const auto [bytes, model] = open_model(popularity_contents(5));
  const auto report = evaluated(model, {}, log_of({{"ann", "i0"}}), {.ks = {2}});
  CHECK(report.by_item_popularity[2].users == 0);
  CHECK(report.by_item_popularity[2].model[0].recall == 0.0);
}

TEST_CASE("Evaluation tells the calling thread how far it is, up to the end of each stage") {
  const auto [bytes, model] = open_model(fold_in_contents(10, 2));
  const auto test = log_of({{"a", "i0"}, {"b", "i1"}, {"c", "i2"}});
  std::vector<std::string> ended;
  std::uint64_t before = 0;
  const auto caller = std::this_thread::get_id();
  EvaluateOptions options{.threads = 2, .resamples = 50};
  options.progress = [&](const Progress& progress) {
    CHECK(std::this_thread::get_id() == caller);
    CHECK(progress.done > before);
    before = progress.done == progress.total ? 0 : progress.done;
    if (before == 0)
      ended.emplace_back(std::string(progress.stage) + " " + std::to_string(progress.total));
  };
  evaluated(model, {}, test, options);
  CHECK(ended == std::vector<std::string>{"evaluate 3", "bootstrap 50"});
}

}  // namespace evaluate_parts_test
}  // namespace palate
