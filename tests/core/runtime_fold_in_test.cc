// Fold-in against numbers worked out by hand and against a dense solve in double precision.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "palate/recommender.h"
#include "recommenders.h"
#include "runtime/fold_in.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_fold_in_test {

double relative_error(std::span<const float> actual, const Vector& expected) {
  double difference = 0;
  double size = 0;
  for (std::size_t k = 0; k < expected.size(); ++k) {
    difference += (actual[k] - expected[k]) * (actual[k] - expected[k]);
    size += expected[k] * expected[k];
  }
  return std::sqrt(difference / size);
}

// H = (1 0; 0 1; 1 1), so H'H = (2 1; 1 2).
ModelContents three_items() {
  ModelContents contents = sample_popularity({.items = 3});
  contents.dimension = 2;
  contents.item_vectors = {1, 0, 0, 1, 1, 1};
  contents.fold_in = FoldIn{
      .gramian = {2, 1, 2}, .unobserved_weight = 0.5F, .regularization = 0.25F, .exponent = 1.0F};
  return contents;
}

TEST_CASE("Fold-in solves a system worked out by hand") {
  // S = {0, 2}, w = (1, 2): ridge = 0.25 (2 + 0.5 * 3) = 0.875,
  // A = 0.5 (2 1; 1 2) + (1 0; 0 0) + 2 (1 1; 1 1) + 0.875 I = (4.875 2.5; 2.5 3.875),
  // b = (3, 2), det A = 12.640625, A^-1 b = (3.875 * 3 - 2.5 * 2, 4.875 * 2 - 2.5 * 3) / det A.
  const std::vector<Event> history = {{.item = ItemIndex{0}, .weight = 1.0F},
                                      {.item = ItemIndex{2}, .weight = 2.0F}};
  const std::vector<float> vector = user_vector(three_items(), history);
  CHECK(vector[0] == Catch::Approx(6.625 / 12.640625).epsilon(1e-6));
  CHECK(vector[1] == Catch::Approx(2.25 / 12.640625).epsilon(1e-6));
}

TEST_CASE("Fold-in agrees with a dense solve in double precision") {
  const std::uint32_t dimension = GENERATE(1, 2, 3, 7, 16, 33, 64);
  const std::uint32_t events = GENERATE(1, 2, 5, 60);
  CAPTURE(dimension, events);
  const ModelContents contents =
      sample_fold_in({.items = 90, .dimension = dimension, .seed = dimension});
  const std::vector<Event> history = sample_history(90, events, events);
  CHECK(relative_error(user_vector(contents, history), reference_user_vector(contents, history)) <
        1e-6);
}

TEST_CASE("Fold-in stays exact where the system is ill-conditioned") {
  // Fewer items than dimensions: A has eigenvalues from the ridge alone, here 1e-4 beside about 40.
  ModelContents contents = sample_fold_in({.items = 40, .dimension = 64});
  contents.fold_in->regularization = 1e-4F;
  contents.fold_in->exponent = 0.0F;
  const std::vector<Event> history = sample_history(40, 20, 7);
  CHECK(relative_error(user_vector(contents, history), reference_user_vector(contents, history)) <
        1e-4);
}

TEST_CASE("Without unobserved weight the ridge alone carries a short history") {
  ModelContents contents = sample_fold_in({.items = 40, .dimension = 8});
  contents.fold_in->unobserved_weight = 0.0F;
  const std::vector<Event> history = sample_history(40, 2, 7);
  CHECK(relative_error(user_vector(contents, history), reference_user_vector(contents, history)) <
        1e-6);
}

TEST_CASE("The order of a history and its repetitions do not change the user vector") {
  const ModelContents contents = sample_fold_in({.items = 50, .dimension = 12});
  std::vector<Event> history = sample_history(50, 15, 3);
  const std::vector<float> once = user_vector(contents, history);
  std::reverse(history.begin(), history.end());
  CHECK(user_vector(contents, history) == once);
  Event lighter = history[4];
  lighter.weight *= 0.5F;
  history.insert(history.begin(), lighter);
  history.push_back(lighter);
  CHECK(user_vector(contents, history) == once);
}

TEST_CASE("The user vector of an empty history is zero") {
  const ModelContents contents = sample_fold_in();
  CHECK(user_vector(contents, {}) == std::vector<float>(contents.dimension, 0.0F));
}

TEST_CASE("A Gramian that is not positive definite is refused with the model") {
  ModelContents contents = three_items();
  contents.fold_in->gramian = {2, 100, 2};
  const OpenedModel model(contents);
  const Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE_FALSE(recommender.ok());
  CHECK(recommender.error().code == ErrorCode::kModelMeaning);
}

TEST_CASE("A weight beyond all measure is an error, not a vector of NaN") {
  const OpenedModel model(three_items());
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = {
      {.item = ItemIndex{2}, .weight = std::numeric_limits<float>::max()},
      {.item = ItemIndex{0}, .weight = std::numeric_limits<float>::max()}};
  std::vector<float> vector(2);
  const Status status = recommender->user_vector(history, vector);
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().code == ErrorCode::kModelMeaning);
}

}  // namespace runtime_fold_in_test
}  // namespace palate::testing
