// Recommenders over sample models, asked as several tests ask them.
#include "recommenders.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <utility>

#include "sample_models.h"

namespace palate::testing {

Recommender recommender_for(const Model& model) {
  Result<Recommender> recommender = Recommender::create(model);
  if (!recommender) FAIL(recommender.error().message);
  return std::move(*recommender);
}

std::vector<float> user_vector(const ModelContents& contents, std::span<const Event> history) {
  const OpenedModel model(contents);
  std::vector<float> vector(contents.dimension);
  REQUIRE(recommender_for(*model).user_vector(history, vector).ok());
  return vector;
}

double check_candidates(const ModelContents& contents, std::span<const Event> history,
                        const Vector& user_vector, double tolerance) {
  double largest = 0;
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  std::vector<Pick> picks(contents.ranker->candidates);
  const auto count = recommender.recommend(history, {}, picks);
  REQUIRE(count.ok());
  REQUIRE(*count == picks.size());
  for (const Pick& pick : picks) {
    const double logit = reference_logit(contents, user_vector, to_row(pick.item));
    CHECK(pick.score == Catch::Approx(logit).epsilon(tolerance).margin(tolerance));
    const Result<Explanation> explanation = recommender.explain(history, pick.item);
    REQUIRE(explanation.ok());
    double sum = explanation->base + explanation->remainder;
    for (const Contribution& c : explanation->contributions) sum += c.amount;
    CHECK(sum == Catch::Approx(explanation->score).margin(tolerance));
    largest = std::max(largest, std::abs(double{explanation->remainder}));
  }
  return largest;
}

}  // namespace palate::testing
