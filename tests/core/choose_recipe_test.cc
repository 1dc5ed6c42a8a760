// The recipe auto: what it chooses for logs whose nature is known.
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "choose/log_facts.h"
#include "palate/choose.h"
#include "palate/random.h"
#include "train_samples.h"

namespace palate::testing {
namespace choose_recipe_test {

using Catch::Matchers::ContainsSubstring;
using internal::Order;

InteractionLog log_of(const std::vector<std::vector<std::uint32_t>>& users, std::size_t items) {
  InteractionLog log;
  for (std::size_t item = 0; item < items; ++item) log.items.push_back(std::to_string(item));
  for (std::size_t user = 0; user < users.size(); ++user) {
    log.users.push_back("u" + std::to_string(user));
    for (const std::uint32_t item : users[user]) {
      log.user.push_back(static_cast<std::uint32_t>(user));
      log.item.push_back(item);
    }
  }
  return log;
}

/// Walks over a ring: what comes next follows from the last item.
std::vector<std::vector<std::uint32_t>> walks(std::size_t users, std::uint32_t items) {
  Random random(5);
  std::vector<std::vector<std::uint32_t>> result;
  for (std::size_t user = 0; user < users; ++user) {
    const auto start = static_cast<std::uint32_t>(random.below(items));
    result.emplace_back();
    for (std::uint32_t k = 0; k < 7; ++k) result.back().push_back((start + k) % items);
  }
  return result;
}

/// Walks over a ring of groups, in steps of one or of two: the group that comes next follows from
/// the last two items together, the item from nothing.
std::vector<std::vector<std::uint32_t>> strides(std::size_t users, std::uint32_t groups,
                                                std::uint32_t group_items) {
  Random random(5);
  std::vector<std::vector<std::uint32_t>> result;
  for (std::size_t user = 0; user < users; ++user) {
    auto group = static_cast<std::uint32_t>(random.below(groups));
    const auto stride = static_cast<std::uint32_t>(1 + random.below(2));
    result.emplace_back();
    for (std::uint32_t k = 0; k < 8; ++k, group = (group + stride) % groups) {
      const auto item = static_cast<std::uint32_t>(random.below(group_items));
      result.back().push_back(group * group_items + item);
    }
  }
  return result;
}

constexpr const char* kInOrder = "auto.ordered_rows=true";

Choice choose(const InteractionLog& log, const std::vector<std::string>& overrides = {},
              unsigned threads = 2, const Catalogue& items = {}) {
  Result<Choice> choice =
      choose_recipe(log, items, recipe_with("auto", overrides), {7, threads, {}});
  if (!choice.ok()) FAIL(choice.error().message);
  return std::move(*choice);
}

TEST_CASE("Auto follows the order where it tells what comes next") {
  const Choice sparse = choose(log_of(walks(60, 40), 40), {kInOrder});
  CHECK(sparse.recipe.name == "transitions");
  CHECK_THAT(sparse.facts, ContainsSubstring("60 users, 40 items, 420 interactions"));
  CHECK_THAT(sparse.reason, ContainsSubstring("each user's last interaction: transitions"));
  CHECK_THAT(sparse.reason, ContainsSubstring(", sequence 0."));
  const Choice larger =
      choose(log_of(walks(60, 40), 40), {kInOrder, "auto.sequence_interactions=419"});
  CHECK(larger.recipe.name == "transitions");
  CHECK_THAT(larger.reason, !ContainsSubstring(", sequence 0."));
  const Choice dense = choose(log_of(walks(600, 40), 40), {kInOrder});
  CHECK(dense.recipe.kind == RecipeKind::kSequence);
  CHECK(dense.recipe.sequence.mixer == Mixer::kRecurrence);
  CHECK_THAT(dense.reason, !ContainsSubstring(", sequence 0."));
}

TEST_CASE("Auto takes a network on trial where it tells more than what follows one item") {
  const Choice choice = choose(log_of(strides(2000, 10, 33), 330), {kInOrder});
  CHECK(choice.recipe.kind == RecipeKind::kSequence);
  CHECK(choice.recipe.sequence.mixer == Mixer::kAttention);
  CHECK_THAT(choice.reason, ContainsSubstring("last interaction: transitions 0."));
  CHECK_THAT(choice.reason, ContainsSubstring(", sequence 0."));
  CHECK_THAT(choice.reason, ContainsSubstring("a network that reads the order finds most"));
}

TEST_CASE("Auto puts a ranker over the order where items have categories") {
  Catalogue items;
  Attribute half{"half", AttributeKind::kCategory, {}, {"lower", "upper"}, {0}, {}};
  for (std::uint32_t item = 0; item < 40; ++item) {
    items.ids.push_back(std::to_string(item));
    items.popularity.push_back(0);
    half.entries.push_back(item / 20);
    half.offsets.push_back(item + 1);
  }
  items.attributes.push_back(half);
  const Choice choice = choose(log_of(walks(600, 40), 40), {kInOrder}, 2, items);
  CHECK(choice.recipe.kind == RecipeKind::kHybrid);
  CHECK(choice.recipe.hybrid.encoder == HybridEncoder::kSequence);
  CHECK(choice.recipe.hybrid.transitions);
  CHECK(choice.recipe.hybrid.item_item);
}

TEST_CASE("Auto asks how people rate where they rate nearly everything") {
  InteractionLog log = log_of(random_users(30, 20, 12, 3), 20);
  for (std::size_t row = 0; row < log.size(); ++row) log.value.push_back(1 + row % 5);
  CHECK(choose(log).recipe.kind == RecipeKind::kRating);
}

TEST_CASE("Auto takes no order from the rows of a log without times unless it is told so") {
  const InteractionLog log = log_of(walks(200, 40), 40);
  const Choice choice = choose(log);
  CHECK(choice.recipe.kind != RecipeKind::kTransitions);
  CHECK(choice.recipe.kind != RecipeKind::kSequence);
  CHECK_THAT(choice.facts, ContainsSubstring("without times, so in no order"));
  CHECK_THAT(choice.reason, ContainsSubstring("one interaction of each user"));
}

TEST_CASE("The order of a log is that of its times, or what is said of its rows") {
  InteractionLog log = log_of({{2, 9, 10, 11}}, 12);
  AutoRecipe told;
  CHECK(internal::facts_of(log, {}, told).order == Order::kNone);
  told.ordered_rows = true;
  CHECK(internal::facts_of(log, {}, told).order == Order::kRows);
  log.time_ms = {1, 2, 3, 4};
  CHECK(internal::facts_of(log, {}, told).order == Order::kTimes);
}

TEST_CASE("Auto judges by what is newest in the log, or by what came last of each user") {
  InteractionLog log = log_of(walks(120, 40), 40);
  for (std::size_t row = 0; row < log.size(); ++row) {
    log.time_ms.push_back(static_cast<std::int64_t>(row));
  }
  CHECK_THAT(choose(log).reason, ContainsSubstring("of the newest interactions"));
  const Choice last = choose(log, {"auto.hold_out=last"});
  CHECK_THAT(last.reason, ContainsSubstring("of each user's last interaction"));
  CHECK_THAT(last.facts, ContainsSubstring("with times"));
  // A walk's next step is known, whoever takes it.
  CHECK_THAT(last.reason, ContainsSubstring(": transitions 1.0000 1.0000"));
}

TEST_CASE("What auto was told of the data, the recipe that it chooses is told too") {
  const Choice choice =
      choose(log_of(walks(60, 40), 40), {"data.min_user=2", "values.item_damping=9"});
  CHECK(choice.recipe.data.min_user == 2);
  CHECK(choice.recipe.values.item_damping == 9);
  CHECK_THAT(choice.recipe.toml, ContainsSubstring("min_user = 2"));
}

TEST_CASE("Auto tries recipes on what may come again where it is told that items do") {
  // Back and forth between two neighbours: what comes next has always been seen.
  std::vector<std::vector<std::uint32_t>> users;
  for (std::uint32_t user = 0; user < 60; ++user) {
    users.emplace_back();
    for (std::uint32_t k = 0; k < 7; ++k) users.back().push_back(2 * (user % 20) + k % 2);
  }
  const InteractionLog log = log_of(users, 40);
  const Choice choice = choose(log, {kInOrder, "data.repeats=true"});
  CHECK(choice.recipe.data.repeats);
  CHECK_THAT(choice.reason, ContainsSubstring(": item-item 1.0000 1.0000"));
  // Transitions know the pair, but not which of the two: not near enough to try a network.
  CHECK_THAT(choice.reason, ContainsSubstring("transitions 0."));
  CHECK_THAT(choice.reason, !ContainsSubstring(", sequence "));
}

TEST_CASE("Auto chooses the same with any number of threads, and by few users too") {
  const InteractionLog log = log_of(walks(300, 40), 40);
  const Choice expected = choose(log, {"auto.users=100", "auto.interactions=1000"}, 1);
  const Choice found = choose(log, {"auto.users=100", "auto.interactions=1000"}, 4);
  CHECK(found.recipe.toml == expected.recipe.toml);
  CHECK(found.reason == expected.reason);
}

TEST_CASE("Auto says so where nothing can be held out") {
  const Result<Choice> choice =
      choose_recipe(log_of({{0}, {1}}, 2), {}, recipe_with("auto", {}), {});
  REQUIRE_FALSE(choice.ok());
  CHECK(choice.error().code == ErrorCode::kDataEmpty);
}

}  // namespace choose_recipe_test
}  // namespace palate::testing
