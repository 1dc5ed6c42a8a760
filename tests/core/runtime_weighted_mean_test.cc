// The weighted mean against numbers worked out by hand and a plain sum in double precision.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "palate/recommender.h"
#include "recommenders.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_weighted_mean_test {

// Vectors (1, 0), (0, 1), (2, 2), popularity 16, 4, 0; histories have the item table.
ModelContents three_items(HistoryWeights weights) {
  ModelContents contents = sample_popularity({.items = 3});
  contents.catalogue.popularity = {16, 4, 0};
  contents.dimension = 2;
  contents.item_vectors = {1, 0, 0, 1, 2, 2};
  contents.weighted_mean = WeightedMean{.weights = std::move(weights), .history_vectors = {}};
  return contents;
}

// Twelve events with fewer items: some stand in it twice.
std::vector<Event> sample_repeats(std::uint32_t items, std::uint64_t seed) {
  std::vector<Event> history = sample_history(items, 9, seed);
  for (const std::size_t again : {0, 4, 0}) history.push_back(history[again]);
  return history;
}

TEST_CASE("A weighted mean follows its formula worked out by hand") {
  // Touched last are 1, then 2, then 0 (place 0, 1, 2, the last recency is for all older ones):
  // a = (3 * 0.25 / 4, 1 * 1 / 2, 2 * 0.25 / 1) = (0.1875, 0.5, 0.5), of sum 1.1875.
  const std::vector<Event> history = {{.item = ItemIndex{1}},
                                      {.item = ItemIndex{0}, .weight = 3.0F},
                                      {.item = ItemIndex{2}, .weight = 2.0F},
                                      {.item = ItemIndex{1}}};
  const double length = GENERATE(0.0, 0.5, 1.0);
  const std::vector<float> vector =
      user_vector(three_items({.recency = {1.0F, 0.25F},
                               .popularity_exponent = 0.5F,
                               .length_exponent = static_cast<float>(length)}),
                  history);
  const double divisor = std::pow(1.1875, length);
  CHECK(vector[0] == Catch::Approx((0.1875 + 2 * 0.5) / divisor).epsilon(1e-6));
  CHECK(vector[1] == Catch::Approx((0.5 + 2 * 0.5) / divisor).epsilon(1e-6));
}

TEST_CASE("Without recency and exponents a weighted mean is the plain sum") {
  const std::vector<Event> history = history_of({2, 0, 1});
  CHECK(user_vector(three_items({}), history) == std::vector<float>{3, 3});
  CHECK(user_vector(three_items({.recency = {}, .length_exponent = 1}), history) ==
        std::vector<float>{1, 1});
}

TEST_CASE("A history whose items all count for nothing has a zero user vector") {
  const ModelContents contents = three_items({.recency = {0, 1}, .length_exponent = 1});
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = history_of({1});
  std::vector<Pick> picks(3);
  const Result<std::size_t> count = recommender.recommend(history, {}, picks);
  REQUIRE(count.ok());
  REQUIRE(*count == 2);
  CHECK(picks[0].item == ItemIndex{0});
  CHECK(picks[1].item == ItemIndex{2});
  CHECK(picks[0].score == 0.0F);
}

TEST_CASE("A weighted mean agrees with a plain sum in double precision") {
  const std::uint32_t dimension = GENERATE(1, 3, 8, 33, 64);
  const bool own_table = GENERATE(true, false);
  ModelContents contents = sample_weighted_mean({.items = 80, .dimension = dimension});
  if (!own_table) contents.weighted_mean->history_vectors.clear();
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const std::vector<Event> history = sample_repeats(80, seed);
    const Vector expected = reference_mean(contents, history);
    std::vector<float> vector(dimension);
    REQUIRE(recommender.user_vector(history, vector).ok());
    for (std::size_t k = 0; k < dimension; ++k) {
      CHECK(vector[k] == Catch::Approx(expected[k]).epsilon(1e-6).margin(1e-7));
    }
    std::vector<Pick> picks(80);
    const auto count = recommender.recommend(history, {.exclude_seen = false}, picks);
    REQUIRE(count.ok());
    REQUIRE(*count == 80);
    for (std::size_t i = 0; i < picks.size(); ++i) {
      const Vector item = reference_item_vector(contents, to_row(picks[i].item));
      CHECK(picks[i].score == Catch::Approx(reference_dot(expected, item)).margin(1e-5));
      if (i > 0) CHECK(picks[i].score <= picks[i - 1].score);
    }
  }
}

TEST_CASE("A weighted mean's reasons are c_j h_j . h_i and sum to the score") {
  const ModelContents contents = sample_weighted_mean({.items = 60, .dimension = 16});
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_repeats(60, 5);
  const Vector coefficients =
      reference_coefficients(contents, contents.weighted_mean->weights, history);
  ModelContents histories = contents;  // whose item vectors are those of the history
  histories.item_vectors = contents.weighted_mean->history_vectors;
  for (std::uint32_t row = 0; row < 60; row += 7) {
    const ItemIndex item{row};
    const Result<Explanation> explanation = recommender.explain(history, item);
    REQUIRE(explanation.ok());
    float score = 0;
    REQUIRE(recommender.score(history, {&item, 1}, {&score, 1}).ok());
    CHECK(explanation->score == score);
    CHECK(explanation->base == 0.0F);
    CHECK(std::abs(explanation->remainder) <= 1e-6);
    CHECK(explanation->contributions.size() == 9);
    for (const Contribution& contribution : explanation->contributions) {
      const std::size_t j = to_row(contribution.item);
      const double expected = coefficients[j] * reference_dot(reference_item_vector(histories, j),
                                                              reference_item_vector(contents, row));
      CHECK(contribution.amount == Catch::Approx(expected).epsilon(1e-5).margin(1e-6));
    }
  }
}

TEST_CASE("A ranker scores a weighted mean's candidates, and its reasons sum to its score") {
  const SampleShape shape{.items = 60, .candidates = 12};
  ModelContents contents = sample_weighted_mean(shape);
  contents.ranker = sample_hybrid(shape).ranker;
  const std::vector<Event> history = sample_repeats(60, 3);
  const Vector user = reference_mean(contents, history);
  CHECK(check_candidates(contents, history, user, 1e-5) <= 1e-4);
}

TEST_CASE("A weighted mean knows similar items by the cosine of the item table") {
  const ModelContents contents = three_items({.recency = {}, .length_exponent = 1});
  const OpenedModel model(contents);
  std::vector<Pick> picks(3);
  const auto count = recommender_for(*model).similar(ItemIndex{1}, picks);
  REQUIRE(count.ok());
  REQUIRE(*count == 2);
  CHECK(picks[0].item == ItemIndex{2});
  CHECK(picks[0].score == Catch::Approx(std::sqrt(0.5)));
  CHECK(picks[1].score == 0.0F);
}

TEST_CASE("Weights too large for a user vector are refused, whatever a mean would say") {
  const float huge = std::numeric_limits<float>::max();
  const std::vector<Event> history = {{.item = ItemIndex{0}, .weight = huge},
                                      {.item = ItemIndex{2}, .weight = huge}};
  // A whole mean divides the size out again.
  CHECK(user_vector(three_items({.recency = {}, .length_exponent = 1}), history) ==
        std::vector<float>{1.5F, 1});
  const OpenedModel model(three_items({}));
  Recommender recommender = recommender_for(*model);
  std::vector<Pick> picks(3);
  const auto refused = recommender.recommend(history, {}, picks);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::kModelMeaning);
  CHECK(recommender.recommend(history_of({0}), {}, picks).ok());
}

}  // namespace runtime_weighted_mean_test
}  // namespace palate::testing
