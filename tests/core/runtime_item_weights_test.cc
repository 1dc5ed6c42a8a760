// Item weights against a dense matrix in double precision, and their order against a plain sort.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "palate/recommender.h"
#include "recommenders.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_item_weights_test {

std::vector<float> score_all(Recommender& recommender, const Model& model,
                             std::span<const Event> history) {
  std::vector<ItemIndex> items;
  for (std::size_t row = 0; row < model.item_count(); ++row) items.push_back(to_item(row));
  std::vector<float> scores(items.size());
  REQUIRE(recommender.score(history, items, scores).ok());
  return scores;
}

Vector reference_scores(const ModelContents& contents, std::span<const Event> history) {
  const Matrix weights = reference_weight_matrix(*contents.item_weights);
  const Vector coefficients =
      reference_coefficients(contents, contents.item_weights->weights, history);
  Vector scores(weights.size());
  for (std::size_t j = 0; j < weights.size(); ++j) {
    for (std::size_t i = 0; i < weights.size(); ++i) scores[i] += coefficients[j] * weights[j][i];
  }
  return scores;
}

// All rows but the seen ones by score, then by row.
std::vector<Pick> sorted(const std::vector<float>& scores, const std::set<ItemIndex>& seen) {
  std::vector<Pick> picks;
  for (std::size_t row = 0; row < scores.size(); ++row) {
    if (!seen.contains(to_item(row))) picks.push_back({to_item(row), scores[row]});
  }
  std::stable_sort(picks.begin(), picks.end(),
                   [](const Pick& a, const Pick& b) { return a.score > b.score; });
  return picks;
}

std::vector<Event> sample_repeats(std::uint32_t items, std::uint32_t count, std::uint64_t seed) {
  std::vector<Event> history = sample_history(items, count, seed);
  const std::vector<Event> again(history.begin(), history.begin() + count / 2);
  history.insert(history.end(), again.rbegin(), again.rend());
  return history;
}

// W = (0 1/2 -1 0 0; 0 0 0 1/4 0; 0 ...), items 1 and 3 as popular as each other.
ModelContents five_items() {
  ModelContents contents = sample_popularity({.items = 5});
  contents.item_weights = ItemWeights{.weights = {},
                                      .offsets = {0, 2, 3, 3, 3, 6},
                                      .columns = {1, 2, 3, 0, 1, 4},
                                      .values = {0.5F, -1.0F, 0.25F, 2.0F, -0.5F, 9.0F}};
  return contents;
}

TEST_CASE("Items that no row names stand between those that gain and those that lose") {
  const OpenedModel model(five_items());
  Recommender recommender = recommender_for(*model);
  std::vector<Pick> picks(5);
  const std::vector<Event> history = history_of({0});
  REQUIRE(recommender.recommend(history, {.exclude_seen = false}, picks).ok());
  const std::uint32_t rows[] = {1, 0, 3, 4, 2};
  const float scores[] = {0.5F, 0, 0, 0, -1};
  for (std::size_t i = 0; i < picks.size(); ++i) {
    CHECK(picks[i].item == ItemIndex{rows[i]});
    CHECK(picks[i].score == scores[i]);
  }
}

TEST_CASE("An item whose gain and loss cancel ties with those that no row names") {
  // 0 and 4 together: item 1 gains a half and loses it.
  const OpenedModel model(five_items());
  Recommender recommender = recommender_for(*model);
  std::vector<Pick> picks(3);
  const auto count = recommender.recommend(history_of({0, 4}), {}, picks);
  REQUIRE(count.ok());
  REQUIRE(*count == 3);
  CHECK(picks[0].item == ItemIndex{1});
  CHECK(picks[1].item == ItemIndex{3});
  CHECK(picks[1].score == 0.0F);
  CHECK(picks[2].item == ItemIndex{2});
}

TEST_CASE("Scores by item weights agree with a dense matrix in double precision") {
  const float popularity_exponent = GENERATE(0.0F, 0.3F, 1.0F);
  const float length_exponent = GENERATE(0.0F, 0.5F, 1.0F);
  ModelContents contents = sample_item_weights({.items = 150});
  contents.item_weights->weights.popularity_exponent = popularity_exponent;
  contents.item_weights->weights.length_exponent = length_exponent;
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  for (const std::uint32_t events : {1, 4, 40, 150}) {
    const std::vector<Event> history = sample_repeats(150, events, events);
    const std::vector<float> scores = score_all(recommender, *model, history);
    const Vector expected = reference_scores(contents, history);
    for (std::size_t row = 0; row < scores.size(); ++row) {
      CHECK(scores[row] == Catch::Approx(expected[row]).epsilon(1e-5).margin(1e-6));
    }
  }
}

TEST_CASE("A list by item weights of any length is the whole catalogue, sorted") {
  const std::uint32_t events = GENERATE(1, 5, 30, 60);
  const bool exclude_seen = GENERATE(true, false);
  const OpenedModel model(sample_item_weights({.items = 60}));
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_repeats(60, events, events);
  std::set<ItemIndex> seen;
  for (const Event& event : history) {
    if (exclude_seen) seen.insert(event.item);
  }
  const std::vector<Pick> expected = sorted(score_all(recommender, *model, history), seen);
  for (std::size_t length = 1; length <= 61; ++length) {
    std::vector<Pick> picks(length);
    const auto count = recommender.recommend(history, {.exclude_seen = exclude_seen}, picks);
    REQUIRE(count.ok());
    REQUIRE(*count == std::min(length, expected.size()));
    for (std::size_t i = 0; i < *count; ++i) {
      CHECK(picks[i].item == expected[i].item);
      CHECK(picks[i].score == expected[i].score);
    }
  }
}

TEST_CASE("Item weights answer the same whatever they were asked before") {
  const OpenedModel model(sample_item_weights({.items = 60}));
  Recommender warm = recommender_for(*model);
  std::vector<Pick> picks(20);
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const std::vector<Event> history = sample_history(60, 1 + seed * 5, seed);
    REQUIRE(warm.similar(ItemIndex{7}, picks).ok());
    REQUIRE(warm.recommend(history, {}, picks).ok());
    Recommender cold = recommender_for(*model);
    CHECK(score_all(warm, *model, history) == score_all(cold, *model, history));
  }
}

TEST_CASE("Similar items are those of an item's row, itself left out") {
  const OpenedModel model(five_items());
  Recommender recommender = recommender_for(*model);
  std::vector<Pick> picks(4);
  const auto count = recommender.similar(ItemIndex{4}, picks);
  REQUIRE(count.ok());
  REQUIRE(*count == 2);  // the row has a weight of 9 for the item itself
  CHECK(picks[0].item == ItemIndex{0});
  CHECK(picks[0].score == 2.0F);
  CHECK(picks[1].item == ItemIndex{1});
  CHECK(picks[1].score == -0.5F);
  const auto none = recommender.similar(ItemIndex{2}, picks);
  REQUIRE(none.ok());
  CHECK(*none == 0);
  const auto best = recommender.similar(ItemIndex{4}, std::span(picks).first(1));
  REQUIRE(best.ok());
  CHECK(*best == 1);
  CHECK(picks[0].item == ItemIndex{0});
}

TEST_CASE("Reasons by item weights are c_j W_ji and sum to the score") {
  const ModelContents contents = sample_item_weights({.items = 60});
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_repeats(60, 20, 2);
  const Matrix weights = reference_weight_matrix(*contents.item_weights);
  const Vector coefficients =
      reference_coefficients(contents, contents.item_weights->weights, history);
  const std::vector<float> scores = score_all(recommender, *model, history);
  for (std::uint32_t row = 0; row < 60; ++row) {
    const Result<Explanation> explanation = recommender.explain(history, ItemIndex{row});
    REQUIRE(explanation.ok());
    CHECK(explanation->score == scores[row]);
    CHECK(explanation->base == 0.0F);
    CHECK(std::abs(explanation->remainder) <= 1e-6);
    REQUIRE(explanation->contributions.size() == 20);
    for (const Contribution& contribution : explanation->contributions) {
      const std::size_t j = to_row(contribution.item);
      CHECK(contribution.amount ==
            Catch::Approx(coefficients[j] * weights[j][row]).epsilon(1e-5).margin(1e-7));
    }
  }
}

TEST_CASE("Item weights make no user vector, and predict values from their score") {
  const ModelContents contents = sample_item_weights({.items = 20});
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = history_of({3, 8, 1});
  CHECK(model->dimension() == 0);
  CHECK(recommender.user_vector(history, {}).ok());
  const ItemIndex item{5};
  float value = 0;
  REQUIRE(recommender.predict_values(history, {&item, 1}, {&value, 1}).ok());
  const ValueHead& head = *contents.value_head;
  const double expected =
      head.mean + head.item_bias[5] + head.slope * reference_scores(contents, history)[5];
  CHECK(value == Catch::Approx(expected).epsilon(1e-5));
}

TEST_CASE("An empty history ranks a model of item weights by popularity") {
  const OpenedModel model(sample_item_weights({.items = 20}));
  Recommender recommender = recommender_for(*model);
  std::vector<Pick> picks(5);
  REQUIRE(recommender.recommend({}, {}, picks).ok());
  for (std::size_t i = 0; i < picks.size(); ++i) CHECK(picks[i].item == to_item(i));
  CHECK(picks[0].score > 0.0F);
}

TEST_CASE("Weights too large for a score are refused") {
  ModelContents contents = five_items();
  contents.item_weights->values[0] = kMaxMagnitude;
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = {
      {.item = ItemIndex{0}, .weight = std::numeric_limits<float>::max()}};
  std::vector<Pick> picks(2);
  const ItemIndex item{1};
  float score = 0;
  const Error errors[] = {
      recommender.recommend(history, {}, picks).error(),
      recommender.score(history, {&item, 1}, {&score, 1}).error(),
      recommender.explain(history, item).error(),
  };
  for (const Error& error : errors) CHECK(error.code == ErrorCode::kModelMeaning);
  CHECK(recommender.recommend(history_of({0}), {}, picks).ok());
}

}  // namespace runtime_item_weights_test
}  // namespace palate::testing
