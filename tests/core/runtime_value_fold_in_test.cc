// Fold-in of values against numbers worked out by hand and a dense solve in double precision.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "palate/recommender.h"
#include "recommenders.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_value_fold_in_test {

std::vector<float> values_of(const ModelContents& contents, std::span<const Event> history) {
  const OpenedModel model(contents);
  std::vector<ItemIndex> items;
  for (std::size_t row = 0; row < model->item_count(); ++row) items.push_back(to_item(row));
  std::vector<float> values(items.size());
  REQUIRE(recommender_for(*model).predict_values(history, items, values).ok());
  return values;
}

double reference_value(const ModelContents& contents, const Vector& user_vector, std::size_t row) {
  return double{contents.value_head->mean} + contents.value_head->item_bias[row] +
         reference_dot(user_vector, reference_item_vector(contents, row));
}

// H = (1 1; 2 1; 0 1), y = (1 0; 0 2; 0 0), mean 3, biases (0.5, -0.5, 0).
ModelContents three_items() {
  ModelContents contents = sample_popularity({.items = 3});
  contents.dimension = 2;
  contents.item_vectors = {1, 1, 2, 1, 0, 1};
  contents.value_fold_in =
      ValueFoldIn{.implicit_vectors = {1, 0, 0, 2, 0, 0}, .regularization = 0.5F, .exponent = 1.0F};
  contents.value_head = ValueHead{.mean = 3,
                                  .item_bias = {0.5F, -0.5F, 0},
                                  .visitor_damping = 1,
                                  .slope = 0,
                                  .minimum = 1,
                                  .maximum = 5};
  return contents;
}

TEST_CASE("Fold-in of values solves a system worked out by hand") {
  // R = {0, 1}, w = (1, 2), rest = (4 - 3.5, 1 - 2.5) = (0.5, -1.5), ridge = 0.5 * 2 = 1,
  // A = (1 1; 1 1) + 2 (4 2; 2 1) + I = (10 5; 5 4), prior = ((1, 0) + (0, 2)) / sqrt(3),
  // b = 0.5 (1, 1) - 3 (2, 1) + prior, det A = 15.
  const std::vector<Event> history = {{.item = ItemIndex{0}, .value = 4.0F},
                                      {.item = ItemIndex{1}, .weight = 2.0F, .value = 1.0F},
                                      {.item = ItemIndex{2}}};
  const double b0 = -5.5 + 1 / std::sqrt(3.0);
  const double b1 = -2.5 + 2 / std::sqrt(3.0);
  const std::vector<float> vector = user_vector(three_items(), history);
  CHECK(vector[0] == Catch::Approx((4 * b0 - 5 * b1) / 15).epsilon(1e-6));
  CHECK(vector[1] == Catch::Approx((10 * b1 - 5 * b0) / 15).epsilon(1e-6));
}

TEST_CASE("Fold-in of values agrees with a dense solve in double precision") {
  const std::uint32_t dimension = GENERATE(1, 2, 7, 16, 33);
  const std::uint32_t events = GENERATE(1, 2, 5, 60);
  CAPTURE(dimension, events);
  const ModelContents contents =
      sample_value_fold_in({.items = 90, .dimension = dimension, .seed = dimension});
  const std::vector<Event> history = sample_history(90, events, events);
  const std::vector<float> actual = user_vector(contents, history);
  const Vector expected = reference_value_vector(contents, history);
  for (std::size_t k = 0; k < dimension; ++k) {
    CHECK(actual[k] == Catch::Approx(expected[k]).epsilon(1e-5).margin(1e-6));
  }
}

TEST_CASE("Scores and predicted values are mean, biases and the product of the vectors") {
  const ModelContents contents = sample_value_fold_in({.items = 60});
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_history(60, 20, 3);
  const Vector user = reference_value_vector(contents, history);
  std::vector<Pick> picks(60);
  const Request request{.exclude_seen = false};
  REQUIRE(recommender.recommend(history, request, picks).ok());
  const std::vector<float> values = values_of(contents, history);
  for (const Pick& pick : picks) {
    const double expected = reference_value(contents, user, to_row(pick.item));
    float score = 0;
    REQUIRE(recommender.score(history, {&pick.item, 1}, {&score, 1}).ok());
    CHECK(pick.score == score);
    CHECK(score == Catch::Approx(expected).epsilon(1e-5));
    CHECK(values[to_row(pick.item)] == Catch::Approx(std::clamp(expected, 0.5, 5.0)).epsilon(1e-5));
  }
  CHECK(std::is_sorted(picks.begin(), picks.end(),
                       [](const Pick& a, const Pick& b) { return a.score > b.score; }));
}

TEST_CASE("By cosine, scores are those of the vectors without the bias, and values stay values") {
  const ModelContents contents = sample_cosines({.items = 60});
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_history(60, 20, 3);
  const std::size_t telling = contents.dimension - 1;
  const Vector user = reference_value_vector(contents, history);
  const auto cut = [&](Vector vector) { return Vector(vector.begin(), vector.begin() + telling); };
  std::vector<Pick> picks(60);
  REQUIRE(recommender.recommend(history, {.exclude_seen = false}, picks).ok());
  const std::vector<float> values = values_of(contents, history);
  for (const Pick& pick : picks) {
    const std::size_t row = to_row(pick.item);
    const Vector item = cut(reference_item_vector(contents, row));
    const double lengths =
        std::sqrt(reference_dot(item, item)) * std::sqrt(reference_dot(cut(user), cut(user)));
    float score = 0;
    REQUIRE(recommender.score(history, {&pick.item, 1}, {&score, 1}).ok());
    CHECK(pick.score == score);
    CHECK(score == Catch::Approx(reference_dot(cut(user), item) / lengths).margin(1e-5));
    const double value = std::clamp(reference_value(contents, user, row), 0.5, 5.0);
    CHECK(values[row] == Catch::Approx(value).epsilon(1e-5));
  }
}

TEST_CASE("A cosine with a vector of zeros is 0") {
  ModelContents contents = sample_cosines({.items = 40});
  std::fill_n(contents.item_vectors.begin(), contents.dimension - 1, 0.0F);
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const ItemIndex first{0};
  float score = 1;
  REQUIRE(recommender.score(sample_history(40, 10, 3), {&first, 1}, {&score, 1}).ok());
  CHECK(score == 0);
}

TEST_CASE("Predicted values come from the ranker where there is one") {
  const ModelContents contents = sample_value_fold_in({.items = 40}, true);
  const std::vector<Event> history = sample_history(40, 10, 3);
  const Vector user = reference_value_vector(contents, history);
  const std::vector<float> values = values_of(contents, history);
  for (std::size_t row = 0; row < values.size(); ++row) {
    const double expected = std::clamp(reference_logit(contents, user, row), 0.5, 5.0);
    CHECK(values[row] == Catch::Approx(expected).epsilon(1e-4));
  }
}

TEST_CASE("Predicted values stay on the scale, whatever a visitor claims") {
  std::vector<Event> history = sample_history(40, 10, 3);
  const float claim = GENERATE(-1e9F, 1e9F);
  for (Event& event : history) event.value = claim;
  for (const float value : values_of(sample_value_fold_in({.items = 40}), history)) {
    CHECK((value >= 0.5F && value <= 5.0F));
  }
}

TEST_CASE("Without a history the predicted values are the baseline") {
  const ModelContents contents = sample_value_fold_in({.items = 40}, GENERATE(false, true));
  const std::vector<float> values = values_of(contents, {});
  for (std::size_t row = 0; row < values.size(); ++row) {
    CHECK(values[row] == 3.5F + contents.value_head->item_bias[row]);
  }
}

TEST_CASE("Events without a value count for the implicit part alone") {
  ModelContents contents = sample_value_fold_in({.items = 40});
  std::vector<Event> history = sample_history(40, 12, 5);
  std::vector<Event> valued = history;
  std::erase_if(valued, [](const Event& event) { return std::isnan(event.value); });
  REQUIRE(valued.size() < history.size());
  CHECK(user_vector(contents, history) != user_vector(contents, valued));
  contents.value_fold_in->implicit_vectors.clear();
  CHECK(user_vector(contents, history) == user_vector(contents, valued));
  for (Event& event : history) event.value = kNoValue;
  CHECK(user_vector(contents, history) == std::vector<float>(contents.dimension, 0.0F));
}

TEST_CASE("Reasons for values are linear in what the baseline leaves and sum to the score") {
  const ModelContents contents = sample_value_fold_in({.items = 60, .dimension = 16});
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_history(60, 12, 5);
  const Matrix a = reference_value_system(contents, history);
  for (std::uint32_t row = 0; row < 60; row += 7) {
    CAPTURE(row);
    const Result<Explanation> explanation = recommender.explain(history, ItemIndex{row});
    REQUIRE(explanation.ok());
    CHECK(explanation->base == 3.5F + contents.value_head->item_bias[row]);
    CHECK(std::abs(explanation->remainder) < 1e-5 * std::abs(explanation->score));
    REQUIRE(explanation->contributions.size() == history.size());
    const Vector solved = reference_solve(a, reference_item_vector(contents, row));
    double sum = double{explanation->base} + explanation->remainder;
    for (const Contribution& contribution : explanation->contributions) {
      const auto event = std::find_if(history.begin(), history.end(), [&](const Event& each) {
        return each.item == contribution.item;
      });
      REQUIRE(event != history.end());
      const Vector part = reference_value_part(contents, history, *event);
      CHECK(contribution.amount == Catch::Approx(reference_dot(solved, part)).margin(1e-5));
      sum += contribution.amount;
    }
    CHECK(sum == Catch::Approx(explanation->score).epsilon(1e-5));
  }
}

TEST_CASE("Reasons for values through a ranker sum to its score") {
  const OpenedModel model(sample_value_fold_in({.items = 60}, true));
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_history(60, GENERATE(1, 4, 30), 9);
  for (std::uint32_t row = 0; row < 60; row += 11) {
    const Result<Explanation> explanation = recommender.explain(history, ItemIndex{row});
    REQUIRE(explanation.ok());
    double sum = explanation->base;
    double largest = std::abs(explanation->score);
    for (const Contribution& contribution : explanation->contributions) {
      sum += contribution.amount;
      largest = std::max(largest, std::abs(double{contribution.amount}));
    }
    CHECK(std::abs(sum - explanation->score) <= 2e-5 * largest);
  }
}

TEST_CASE("Similar items are alike beside the number that all items share") {
  ModelContents contents = three_items();
  contents.item_vectors = {1, 9, 0, 9, -1, 9};
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  std::vector<Pick> picks(2);
  REQUIRE(recommender.similar(ItemIndex{0}, picks).ok());
  CHECK(picks[0].item == ItemIndex{1});
  CHECK(picks[0].score == 0.0F);
  CHECK(picks[1].item == ItemIndex{2});
  CHECK(picks[1].score == -1.0F);
}

TEST_CASE("A value beyond all measure is an error, not a vector of NaN") {
  const OpenedModel model(three_items());
  Recommender recommender = recommender_for(*model);
  constexpr float kHuge = std::numeric_limits<float>::max();
  const std::vector<Event> history = {{.item = ItemIndex{1}, .weight = kHuge, .value = kHuge}};
  std::vector<float> vector(2);
  const Status status = recommender.user_vector(history, vector);
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().code == ErrorCode::kModelMeaning);
}

}  // namespace runtime_value_fold_in_test
}  // namespace palate::testing
