// Exploration and the taste quiz against what they are made of.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <vector>

#include "palate/recommender.h"
#include "runtime/normal_draws.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_explore_test {

std::vector<Pick> list_of(Recommender& recommender, std::span<const Event> history,
                          const Request& request, std::size_t count) {
  std::vector<Pick> picks(count);
  const auto found = recommender.recommend(history, request, picks);
  if (!found) FAIL(found.error().message);
  picks.resize(*found);
  return picks;
}

bool same_items(const std::vector<Pick>& a, const std::vector<Pick>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Pick& x, const Pick& y) { return x.item == y.item; });
}

TEST_CASE("Normal draws have mean 0, variance 1 and no memory") {
  internal::NormalDraws draws(7);
  constexpr int kCount = 200'000;
  double sum = 0;
  double squares = 0;
  double pairs = 0;
  int beyond_two = 0;
  double last = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = draws.next();
    sum += x;
    squares += x * x;
    pairs += x * last;
    beyond_two += std::abs(x) > 2 ? 1 : 0;
    last = x;
  }
  CHECK(std::abs(sum / kCount) < 4 / std::sqrt(kCount));
  CHECK(std::abs(squares / kCount - 1) < 4 * std::sqrt(2.0 / kCount));
  CHECK(std::abs(pairs / kCount) < 4 / std::sqrt(kCount));
  CHECK(beyond_two / double{kCount} == Catch::Approx(0.0455).margin(0.002));
}

TEST_CASE("One of two items comes first as often as the posterior says that it is the better one") {
  const ModelContents contents = sample_fold_in({.items = 60, .dimension = 6});
  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  const std::vector<Event> history = sample_history(60, 5, 4);
  const Matrix system = reference_system(contents, history);
  const std::vector<Pick> best = list_of(*recommender, history, {}, 12);
  const float strength = GENERATE(0.3F, 1.0F);
  const std::vector<ItemIndex> two = {best[1].item, best[8].item};
  Vector difference = reference_item_vector(contents, to_row(two[0]));
  const Vector other = reference_item_vector(contents, to_row(two[1]));
  for (std::size_t k = 0; k < other.size(); ++k) difference[k] -= other[k];
  const double deviation =
      strength * std::sqrt(reference_dot(difference, reference_solve(system, difference)));
  const double ahead = best[1].score - best[8].score;
  const double expected = std::erfc(-ahead / deviation / std::sqrt(2.0)) / 2;
  constexpr int kLists = 4000;
  int first = 0;
  for (std::uint64_t seed = 0; seed < kLists; ++seed) {
    const Request request{.filter = {.only = two}, .exploration = {strength, seed}};
    const std::vector<Pick> list = list_of(*recommender, history, request, 2);
    REQUIRE(list.size() == 2);
    first += list[0].item == two[0] ? 1 : 0;
  }
  CAPTURE(expected);
  CHECK(std::abs(first - kLists * expected) < 4 * std::sqrt(kLists * expected * (1 - expected)));
}

TEST_CASE("An exploring list has the scores of its items, and the next list is the plain one") {
  const SampleShape shape{.items = 100, .candidates = 60};
  for (const ModelContents& contents : {sample_fold_in(shape), sample_hybrid(shape),
                                        sample_value_fold_in(shape, true), sample_cosines(shape)}) {
    const OpenedModel model(contents);
    Result<Recommender> recommender = Recommender::create(*model);
    const std::vector<Event> history = sample_history(100, 6, 4);
    const std::vector<Pick> plain = list_of(*recommender, history, {}, 10);
    const Request exploring{.exploration = {2, 5}};
    const std::vector<Pick> list = list_of(*recommender, history, exploring, 10);
    CHECK_FALSE(same_items(list, plain));
    CHECK(same_items(list, list_of(*recommender, history, exploring, 10)));
    CHECK_FALSE(same_items(list, list_of(*recommender, history, {.exploration = {2, 6}}, 10)));
    CHECK(same_items(plain, list_of(*recommender, history, {.exploration = {1e-9F, 5}}, 10)));
    for (const Pick& pick : list) {
      float score = 0;
      REQUIRE(recommender->score(history, {&pick.item, 1}, {&score, 1}).ok());
      CHECK(pick.score == score);
    }
    const std::vector<Pick> again = list_of(*recommender, history, {}, 10);
    CHECK(same_items(again, plain));
    for (std::size_t i = 0; i < again.size(); ++i) CHECK(again[i].score == plain[i].score);
    CHECK(same_items(list_of(*recommender, {}, exploring, 10), list_of(*recommender, {}, {}, 10)));
  }
}

TEST_CASE("Exploring is refused without a posterior and beyond its range") {
  const std::vector<Event> history = sample_history(40, 5, 4);
  std::vector<Pick> picks(5);
  for (const ModelContents& contents :
       {sample_popularity(), sample_weighted_mean(), sample_item_weights(),
        sample_sequence(Mixer::kRecurrence)}) {
    const OpenedModel model(contents);
    Result<Recommender> recommender = Recommender::create(*model);
    const auto list = recommender->recommend(history, {.exploration = {1, 1}}, picks);
    REQUIRE_FALSE(list.ok());
    CHECK(list.error().code == ErrorCode::kModelUnsupported);
  }
  const OpenedModel model(sample_fold_in());
  Result<Recommender> recommender = Recommender::create(*model);
  for (const float strength : {-1.0F, 1e4F, kNoValue}) {
    const auto list = recommender->recommend(history, {.exploration = {strength, 1}}, picks);
    REQUIRE_FALSE(list.ok());
    CHECK(list.error().code == ErrorCode::kRequestInvalid);
  }
}

TEST_CASE("A quiz asks about popular items that differ from each other and from the history") {
  for (const ModelContents& contents :
       {sample_popularity(), sample_fold_in(), sample_hybrid({.candidates = 40}),
        sample_item_weights(), sample_sequence(Mixer::kAttention)}) {
    const OpenedModel model(contents);
    Result<Recommender> recommender = Recommender::create(*model);
    std::vector<Pick> picks(5);
    REQUIRE(*recommender->ask({}, {}, picks) == 5);
    const Reranking diverse{.diversity = Diversity::kDpp, .strength = 0.5F};
    CHECK(same_items(picks, list_of(*recommender, {}, {.reranking = diverse}, 5)));

    // What was asked first and answered is what the next questions start from.
    std::vector<Event> history;
    for (const Pick& pick : std::span(picks).first(2)) history.push_back({.item = pick.item});
    std::vector<Pick> next(3);
    REQUIRE(*recommender->ask(history, {}, next) == 3);
    CHECK(same_items(next, {picks.begin() + 2, picks.end()}));
    const std::vector<ItemIndex> excluded = {picks[2].item};
    REQUIRE(*recommender->ask(history, {.exclude = excluded}, next) == 3);
    for (const Pick& pick : next) CHECK(pick.item != picks[2].item);
  }
}

TEST_CASE("A quiz is as long as there is something to ask") {
  const OpenedModel model(sample_fold_in({.items = 12}));
  Result<Recommender> recommender = Recommender::create(*model);
  std::vector<Pick> picks(12);
  const std::vector<Event> history = history_of({1, 4, 5});
  CHECK(*recommender->ask(history, {}, picks) == 9);
  const std::vector<ItemIndex> none;
  CHECK(*recommender->ask(history, {.only = none}, picks) == 0);
  CHECK_FALSE(recommender->ask(history, {}, {}).ok());
}

}  // namespace runtime_explore_test
}  // namespace palate::testing
