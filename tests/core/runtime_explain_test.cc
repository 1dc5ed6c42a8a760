// Reasons: they sum to the score, and each is what its formula says.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <vector>

#include "palate/recommender.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_explain_test {

double amount_of(const Explanation& explanation, ItemIndex item) {
  const auto found =
      std::find_if(explanation.contributions.begin(), explanation.contributions.end(),
                   [item](const Contribution& c) { return c.item == item; });
  REQUIRE(found != explanation.contributions.end());
  return found->amount;
}

void check_sum(const Explanation& explanation) {
  double sum = double{explanation.base} + explanation.remainder;
  double largest = std::abs(explanation.score);
  for (const Contribution& contribution : explanation.contributions) {
    sum += contribution.amount;
    largest = std::max(largest, std::abs(double{contribution.amount}));
  }
  CHECK(std::abs(sum - explanation.score) <= 1e-5 * std::abs(explanation.score));
  CHECK(std::abs(explanation.remainder) <= 1e-5 * largest);
}

TEST_CASE("Fold-in's reasons are w_j h_i A^-1 h_j and sum to the score") {
  const ModelContents contents = sample_fold_in({.items = 60, .dimension = 16});
  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = sample_history(60, 12, 5);
  const Matrix a = reference_system(contents, history);
  for (std::uint32_t row = 0; row < 60; row += 7) {
    CAPTURE(row);
    const Result<Explanation> explanation = recommender->explain(history, ItemIndex{row});
    REQUIRE(explanation.ok());
    float score = 0;
    const ItemIndex item{row};
    REQUIRE(recommender->score(history, {&item, 1}, {&score, 1}).ok());
    CHECK(explanation->score == score);
    CHECK(explanation->base == 0.0F);
    check_sum(*explanation);
    REQUIRE(explanation->contributions.size() == history.size());
    const Vector solved = reference_solve(a, reference_item_vector(contents, row));
    for (const Event& event : history) {
      const double expected =
          event.weight * reference_dot(solved, reference_item_vector(contents, to_row(event.item)));
      CHECK(amount_of(*explanation, event.item) == Catch::Approx(expected).margin(1e-6));
    }
  }
}

TEST_CASE("Reasons come with the largest first") {
  const OpenedModel model(sample_fold_in({.items = 60, .dimension = 16}));
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const Result<Explanation> explanation =
      recommender->explain(sample_history(60, 12, 5), ItemIndex{3});
  REQUIRE(explanation.ok());
  CHECK(std::is_sorted(
      explanation->contributions.begin(), explanation->contributions.end(),
      [](const Contribution& a, const Contribution& b) { return a.amount > b.amount; }));
}

TEST_CASE("Reasons through a ranker sum to its score") {
  const std::vector<std::uint32_t> hidden =
      GENERATE(std::vector<std::uint32_t>{}, std::vector<std::uint32_t>{12, 6},
               std::vector<std::uint32_t>{64, 32});
  const std::uint32_t events = GENERATE(1, 4, 30);
  const int kind = GENERATE(0, 1, 2);
  CAPTURE(hidden, events, kind);
  const SampleShape shape{.items = 60, .hidden = hidden};
  const OpenedModel model(kind == 0 ? sample_hybrid(shape) : sample_retrievers(kind == 1, shape));
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = sample_history(60, events, 9);
  for (std::uint32_t row = 0; row < 60; row += 11) {
    CAPTURE(row);
    const Result<Explanation> explanation = recommender->explain(history, ItemIndex{row});
    REQUIRE(explanation.ok());
    float score = 0;
    const ItemIndex item{row};
    REQUIRE(recommender->score(history, {&item, 1}, {&score, 1}).ok());
    CHECK(explanation->score == score);
    CHECK(explanation->contributions.size() == events);
    check_sum(*explanation);
  }
}

TEST_CASE("Reasons through a ranker are integrated gradients over the user vector") {
  // The amount of item j is the integral over t of d logit(t u) / du . w_j A^-1 h_j, here by
  // numerical differences and the midpoint rule.
  const ModelContents contents = sample_hybrid({.items = 30, .dimension = 4, .hidden = {6, 3}});
  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = sample_history(30, 3, 2);
  const std::size_t row = 8;
  const Result<Explanation> explanation = recommender->explain(history, to_item(row));
  REQUIRE(explanation.ok());
  CHECK(explanation->base ==
        Catch::Approx(reference_logit(contents, Vector(4), row)).epsilon(1e-5).margin(1e-5));

  const Vector user = reference_user_vector(contents, history);
  const Matrix a = reference_system(contents, history);
  constexpr int kPoints = 2000;
  constexpr double kStep = 1e-6;
  for (const Event& event : history) {
    Vector part = reference_solve(a, reference_item_vector(contents, to_row(event.item)));
    for (double& x : part) x *= event.weight;
    double integral = 0;
    for (int p = 0; p < kPoints; ++p) {
      Vector ahead(4);
      Vector behind(4);
      for (std::size_t k = 0; k < 4; ++k) {
        const double at = user[k] * (p + 0.5) / kPoints;
        ahead[k] = at + kStep * part[k];
        behind[k] = at - kStep * part[k];
      }
      integral += (reference_logit(contents, ahead, row) - reference_logit(contents, behind, row)) /
                  (2 * kStep * kPoints);
    }
    CHECK(amount_of(*explanation, event.item) == Catch::Approx(integral).margin(1e-4));
  }
}

// What an event adds to the x of a feature, beyond that of an unknown visitor.
double part_of(const ModelContents& contents, const FeatureView& feature, std::size_t row,
               std::span<const Event> history, std::size_t event) {
  const std::size_t other = to_row(history[event].item);
  if (feature.source == FeatureSource::kHistoryLength) {
    const auto size = static_cast<double>(history.size());
    return std::log(1 + size) / size;
  }
  if (feature.source == FeatureSource::kFurtherScore) {
    const ItemWeights& rows = contents.ranker->retrievers[feature.retriever];
    const double part = reference_coefficients(contents, rows.weights, history)[other] *
                        reference_weight_matrix(rows)[other][row];
    const double score = reference_score(contents, rows, history, row);
    if (feature.gain == 0) return part;
    return score > 0 ? part * std::log(1 + feature.gain * score) / score : 0;
  }
  const double share = reference_shares(contents, feature, history)[event];
  if (share == 0) return 0;
  if (feature.source == FeatureSource::kAffinity) {
    return share * reference_shared(contents, feature, row, other);
  }
  const std::vector<float>& numbers = contents.catalogue.attributes[feature.attribute].numbers;
  if (std::isnan(numbers[row])) return 0;
  return share * (std::abs(double{numbers[row]} - numbers[other]) - feature.mean);
}

TEST_CASE("Reasons share each feature of the visitor out among the events that it comes from") {
  ModelContents contents = sample_retrievers(true, {.items = 60, .hidden = {}});
  const std::vector<FeatureView>& features = contents.ranker->features;
  const std::size_t feature = GENERATE(7, 8, 9, 10, 11, 12, 13);
  CAPTURE(feature);
  DenseLayer& layer = contents.ranker->layers.front();
  std::fill(layer.weights.begin(), layer.weights.end(), 0.0F);
  layer.weights[2 * contents.dimension + feature] = 1.5F;
  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = sample_history(60, 6, 9);
  for (std::uint32_t row = 0; row < 60; row += 7) {
    const Result<Explanation> explanation = recommender->explain(history, ItemIndex{row});
    REQUIRE(explanation.ok());
    check_sum(*explanation);
    for (std::size_t j = 0; j < history.size(); ++j) {
      CAPTURE(row, j);
      const double expected =
          1.5 * features[feature].scale * part_of(contents, features[feature], row, history, j);
      CHECK(amount_of(*explanation, history[j].item) ==
            Catch::Approx(expected).epsilon(1e-5).margin(1e-6));
    }
  }
}

// log(1 + items / items of the category), for the categories that both items have.
double rarity_shared(const Attribute& genres, std::size_t a, std::size_t b,
                     std::uint32_t category) {
  const auto has = [&](std::size_t row) {
    return std::count(genres.entries.begin() + genres.offsets[row],
                      genres.entries.begin() + genres.offsets[row + 1], category) > 0;
  };
  if (!has(a) || !has(b)) return 0;
  const auto items = static_cast<double>(genres.offsets.size() - 1);
  const auto count = std::count(genres.entries.begin(), genres.entries.end(), category);
  return std::log1p(items / static_cast<double>(count));
}

TEST_CASE("Amounts are shared out among the categories that two items have in common") {
  const int kind = GENERATE(0, 1, 2);
  const SampleShape shape{.items = 60};
  const ModelContents contents = kind == 0   ? sample_fold_in(shape)
                                 : kind == 1 ? sample_item_weights(shape)
                                             : sample_retrievers(true, shape);
  const Attribute& genres = contents.catalogue.attributes[0];
  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = sample_history(60, 12, 5);
  std::size_t told = 0;
  for (std::uint32_t row = 0; row < 60; ++row) {
    CAPTURE(kind, row);
    const Result<Explanation> explanation = recommender->explain(history, ItemIndex{row});
    REQUIRE(explanation.ok());
    std::vector<double> expected(4);
    for (const Contribution& contribution : explanation->contributions) {
      const std::size_t other = to_row(contribution.item);
      double all = 0;
      for (std::uint32_t c = 0; c < 4; ++c) all += rarity_shared(genres, row, other, c);
      for (std::uint32_t c = 0; c < 4 && all > 0; ++c) {
        expected[c] += contribution.amount * rarity_shared(genres, row, other, c) / all;
      }
    }
    const std::vector<AttributeContribution>& attributes = explanation->attributes;
    CHECK(attributes.size() == genres.offsets[row + 1] - genres.offsets[row]);
    for (const AttributeContribution& share : attributes) {
      CHECK(share.attribute == 0);
      CHECK(share.amount == Catch::Approx(expected[share.category]).epsilon(1e-5).margin(1e-6));
      ++told;
    }
  }
  CHECK(told > 60);
}

TEST_CASE("A category that an item names twice is told once, with all that comes through it") {
  ModelContents contents = sample_fold_in({.items = 3});
  Attribute& genres = contents.catalogue.attributes[0];
  genres.offsets = {0, 3, 5, 6};
  genres.entries = {2, 1, 2, 2, 2, 1};
  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const Result<Explanation> explanation = recommender->explain(history_of({1}), ItemIndex{0});
  REQUIRE(explanation.ok());
  REQUIRE(explanation->attributes.size() == 2);
  double sum = 0;
  for (const AttributeContribution& share : explanation->attributes) {
    if (share.category == 1) CHECK(share.amount == 0.0F);
    sum += share.amount;
  }
  CHECK(sum == Catch::Approx(explanation->contributions[0].amount));
}

TEST_CASE("Without a history the reason is popularity alone") {
  const OpenedModel model(sample_hybrid());
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const Result<Explanation> explanation = recommender->explain({}, ItemIndex{5});
  REQUIRE(explanation.ok());
  CHECK(explanation->contributions.empty());
  CHECK(explanation->attributes.empty());
  CHECK(explanation->remainder == 0.0F);
  CHECK(explanation->base == explanation->score);
  CHECK(explanation->score > 0.0F);
}

}  // namespace runtime_explain_test
}  // namespace palate::testing
