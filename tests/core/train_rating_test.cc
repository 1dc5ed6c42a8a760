// The recipe `rating`: what it learns, and that it learns for the fold-in that ships.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "data/parallel.h"
#include "factor/value_head.h"
#include "palate/random.h"
#include "palate/recommender.h"
#include "palate/train.h"
#include "sample_models.h"
#include "train/algorithms.h"
#include "train/instruction_set.h"
#include "train/rating/incidence_prior.h"
#include "train/rating/rating_factors.h"
#include "train/rating/ratings.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_rating_test {

using Catch::Matchers::ContainsSubstring;
using internal::IncidencePrior;
using internal::RatingFactors;
using internal::Ratings;
using internal::ThreadPool;

const internal::Kernels& kernels() { return *internal::choose_instruction_set()->kernels; }

constexpr std::size_t kUsers = 120;
constexpr std::size_t kItems = 40;

/// What user and item agree to, on a scale of 1 to 5: two tastes, strict and lenient users, good
/// and bad items.
float true_value(std::size_t user, std::size_t item) {
  const double taste = (user % 2 == item % 2 ? 0.8 : -0.8);
  const double bias = 0.3 * static_cast<double>(user % 3) - 0.3 + 0.2 * (item % 5) - 0.4;
  return static_cast<float>(std::clamp(3 + taste + bias, 1.0, 5.0));
}

/// A log of such values; every ninth event has none.
Sample rated_sample(std::size_t length = 15) {
  const auto users = random_users(kUsers, kItems, length, 4);
  Sample sample = make_sample(users, kItems);
  sample.dataset.has_values = true;
  std::size_t at = 0;
  for (std::size_t user = 0; user < users.size(); ++user) {
    for (const std::uint32_t item : users[user]) {
      Event& event = sample.dataset.histories.events[at];
      REQUIRE(to_row(event.item) == sample.row_of[item]);
      if (at++ % 9 != 0) event.value = true_value(user, item);
    }
  }
  return sample;
}

Recipe small_recipe(std::vector<std::string> overrides = {}) {
  overrides.insert(overrides.begin(), {"rating.dimension=4", "rating.epochs=8",
                                       "rating.regularization=2", "rating.noise=0.2"});
  return recipe_with("rating", overrides);
}

const std::vector<std::string> kNetwork = {"rating.model=network", "ranker.hidden=[8,4]",
                                           "ranker.epochs=3", "ranker.dropout=0.1",
                                           "ranker.batch=100"};

ModelContents trained(const Dataset& dataset, const Recipe& recipe, TrainOptions options = {}) {
  if (options.threads == 0) options.threads = 2;
  Result<ModelContents> contents = train(dataset, recipe, options);
  if (!contents.ok()) FAIL(contents.error().message);
  return std::move(*contents);
}

std::vector<std::byte> file_of(const ModelContents& contents) {
  const Result<std::vector<std::byte>> file = write_model(contents);
  if (!file.ok()) FAIL(file.error().message);
  return *file;
}

/// Of the values of items that the users have not touched.
double unseen_rmse(const Sample& sample, const ModelContents& contents) {
  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  double squared = 0;
  double count = 0;
  for (std::size_t user = 0; user < kUsers; ++user) {
    const std::span<const Event> history = sample.dataset.histories.of(user);
    for (std::size_t item = 0; item < kItems; ++item) {
      const ItemIndex row = to_item(sample.row_of[item]);
      if (std::ranges::any_of(history, [&](const Event& e) { return e.item == row; })) continue;
      float value = 0;
      REQUIRE(recommender->predict_values(history, {&row, 1}, {&value, 1}).ok());
      squared += std::pow(value - true_value(user, item), 2);
      ++count;
    }
  }
  return std::sqrt(squared / count);
}

TEST_CASE("Rating factors find the tastes behind the values") {
  const Sample sample = rated_sample();
  const ModelContents contents = trained(sample.dataset, small_recipe({"rating.epochs=30"}));
  REQUIRE(contents.value_fold_in.has_value());
  CHECK(contents.dimension == 4);
  // The biases alone leave the tastes, 0.8 either way.
  CHECK(unseen_rmse(sample, trained(sample.dataset, recipe_with("popular", {}))) > 0.7);
  CHECK(unseen_rmse(sample, contents) < 0.25);
}

TEST_CASE("Cosines order the same factors") {
  const Sample sample = rated_sample();
  const ModelContents values = trained(sample.dataset, small_recipe({}));
  const ModelContents cosines = trained(sample.dataset, small_recipe({"rating.score=cosine"}));
  CHECK_FALSE(values.value_fold_in->by_cosine);
  CHECK(cosines.value_fold_in->by_cosine);
  CHECK(cosines.item_vectors == values.item_vectors);
  CHECK(unseen_rmse(sample, cosines) == unseen_rmse(sample, values));
}

TEST_CASE("Cosines and a network cannot both order") {
  const Result<ModelContents> contents = train(
      rated_sample().dataset, small_recipe({"rating.score=cosine", "rating.model=network"}), {});
  REQUIRE_FALSE(contents.ok());
  CHECK(contents.error().code == ErrorCode::kRecipeInvalid);
  CHECK_THAT(contents.error().message, Catch::Matchers::ContainsSubstring("rating.score=cosine"));
}

TEST_CASE("A trained visitor is the folded-in visitor") {
  const Sample sample = rated_sample();
  const bool implicit = GENERATE(true, false);
  const Recipe recipe = small_recipe({implicit ? "rating.implicit=true" : "rating.implicit=false"});
  const ModelContents contents = trained(sample.dataset, recipe);
  CHECK(contents.value_fold_in->implicit_vectors.empty() == !implicit);

  const Result<Ratings> ratings = internal::ratings_of(sample.dataset.histories, kItems);
  REQUIRE(ratings.ok());
  ThreadPool pool(2);
  RatingFactors factors(*ratings, internal::train_biases(sample.dataset, recipe.values), recipe,
                        kernels(), pool, 1);
  while (factors.epochs() < recipe.rating.epochs) factors.run_epoch();
  const std::span<const float> vectors = factors.solve_users();

  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  for (std::size_t user = 0; user < kUsers; user += 7) {
    std::vector<float> vector(4);
    REQUIRE(recommender->user_vector(sample.dataset.histories.of(user), vector).ok());
    for (std::size_t k = 0; k < 4; ++k) {
      CHECK(vector[k] == Catch::Approx(vectors[user * 4 + k]).epsilon(1e-4).margin(1e-4));
    }
  }
}

TEST_CASE("All items share the number that meets the visitor's bias") {
  const ModelContents contents = trained(rated_sample().dataset, small_recipe());
  for (std::size_t item = 0; item < kItems; ++item) {
    CHECK(contents.item_vectors[item * 4 + 3] == contents.item_vectors[3]);
  }
  CHECK(contents.item_vectors[3] > 0);
}

TEST_CASE("Every round of rating factors leaves less error than the one before") {
  const Sample sample = rated_sample();
  const Recipe recipe = small_recipe(
      {"rating.implicit_regularization=1000000", "rating.audience_regularization=1000000"});
  const Result<Ratings> ratings = internal::ratings_of(sample.dataset.histories, kItems);
  REQUIRE(ratings.ok());
  ThreadPool pool(1);
  RatingFactors factors(*ratings, internal::train_biases(sample.dataset, recipe.values), recipe,
                        kernels(), pool, 1);
  double last = factors.run_epoch();
  for (int epoch = 0; epoch < 10; ++epoch) {
    const double error = factors.run_epoch();
    CHECK(error < last * 1.002);
    last = error;
  }
}

TEST_CASE("A prior by incidence comes to the solution of its normal equations") {
  // The same by Gaussian elimination on the dense matrix, one system a dimension.
  constexpr std::size_t kColumns = 12;
  constexpr std::size_t kDimension = 3;
  constexpr float kRidge = 0.5F;
  const Sample sample = make_sample(random_users(30, kColumns, 5, 2), kColumns);
  const internal::SparseRows rows = internal::rows_of(sample.dataset.histories);
  ThreadPool pool(2);
  IncidencePrior prior(rows, kColumns, kDimension, kRidge, kernels(), pool);
  Random random(3);
  std::vector<float> vectors(rows.size() * kDimension);
  for (float& x : vectors) x = static_cast<float>(random.normal());
  for (int call = 0; call < 10; ++call) prior.improve(vectors);

  const double weight = 1 / std::sqrt(5.0);
  for (std::size_t d = 0; d < kDimension; ++d) {
    // The gradient of the objective vanishes: R'(R y - v) + ridge y = 0.
    for (std::size_t column = 0; column < kColumns; ++column) {
      double gradient = kRidge * double{prior.vectors()[column * kDimension + d]};
      for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto first = rows.columns.begin() + static_cast<std::ptrdiff_t>(rows.offsets[row]);
        if (std::find(first, first + 5, column) == first + 5) continue;
        double sum = 0;
        for (int k = 0; k < 5; ++k) sum += weight * prior.vectors()[first[k] * kDimension + d];
        gradient += weight * (sum - vectors[row * kDimension + d]);
      }
      CHECK(std::abs(gradient) < 1e-4);
    }
  }
  std::vector<float> priors(vectors.size());
  prior.predict(priors);
  double expected = 0;
  for (int k = 0; k < 5; ++k) {
    expected += weight * prior.vectors()[rows.columns[static_cast<std::size_t>(k)] * kDimension];
  }
  CHECK(priors[0] == Catch::Approx(expected).margin(1e-5));
}

TEST_CASE("A network starts from the factors and ends no worse") {
  const Sample sample = rated_sample();
  const ModelContents contents = trained(sample.dataset, small_recipe(kNetwork));
  REQUIRE(contents.ranker.has_value());
  CHECK(contents.ranker->layers.front().inputs ==
        2 * contents.dimension + contents.ranker->features.size());
  const auto metric = [&](std::string_view name) {
    const auto found = std::ranges::find(contents.facts.metrics, name, &Metric::name);
    REQUIRE(found != contents.facts.metrics.end());
    return found->value;
  };
  CHECK(metric("network validation rmse") <= metric("factors validation rmse"));
  CHECK(unseen_rmse(sample, contents) < 0.5);
}

TEST_CASE("Any number of threads trains the same rating model") {
  const Sample sample = rated_sample();
  const Recipe recipe = small_recipe(GENERATE(std::vector<std::string>{}, kNetwork));
  const auto file_by = [&](unsigned threads) {
    TrainOptions options;
    options.threads = threads;
    return file_of(trained(sample.dataset, recipe, options));
  };
  const std::vector<std::byte> expected = file_by(1);
  CHECK(file_by(2) == expected);
  CHECK(file_by(4) == expected);
}

/// Thrown out of the progress report: a training that is stopped in the middle.
struct Stop {};

TEST_CASE("A rating training that is stopped goes on to the same file") {
  const Sample sample = rated_sample();
  const Recipe recipe = small_recipe(GENERATE(std::vector<std::string>{}, kNetwork));
  const std::vector<std::byte> expected = file_of(trained(sample.dataset, recipe));
  std::string folder = (std::filesystem::temp_directory_path() / "palate-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  TrainOptions options;
  options.checkpoint = std::filesystem::path(folder) / "training.checkpoint";
  options.checkpoint_interval = 0;
  for (int run = 0; run < 20; ++run) {
    int reports = 1;
    TrainOptions stopped = options;
    stopped.progress = [&](const Progress&) {
      if (reports-- == 0) throw Stop{};
    };
    try {
      trained(sample.dataset, recipe, stopped);
    } catch (const Stop&) {
    }
  }
  CHECK(file_of(trained(sample.dataset, recipe, options)) == expected);
  std::filesystem::remove_all(folder);
}

TEST_CASE("A log without values is refused, with what to do") {
  const Sample sample = make_sample(random_users(30, 20, 6, 2), 20);
  const Result<ModelContents> contents = train(sample.dataset, small_recipe(), {});
  REQUIRE_FALSE(contents.ok());
  CHECK(contents.error().code == ErrorCode::kRequestInvalid);
  CHECK_THAT(contents.error().message, ContainsSubstring("value=NAME"));
}

TEST_CASE("A log whose values are all the same is refused, with what to do") {
  Sample sample = rated_sample();
  for (Event& event : sample.dataset.histories.events) event.value = 1;
  const auto overrides = GENERATE(std::vector<std::string>{}, kNetwork);
  const Result<ModelContents> contents = train(sample.dataset, small_recipe(overrides), {});
  REQUIRE_FALSE(contents.ok());
  CHECK(contents.error().code == ErrorCode::kRequestInvalid);
  CHECK_THAT(contents.error().message, ContainsSubstring("all the same"));
}

TEST_CASE("A network that sets no user apart has no measure of its own") {
  Sample sample = rated_sample();
  std::vector<std::string> overrides = kNetwork;
  overrides.emplace_back("ranker.validation_share=0.001");
  const ModelContents contents = trained(sample.dataset, small_recipe(overrides));
  for (const Metric& metric : contents.facts.metrics) CHECK(std::isfinite(metric.value));
}

TEST_CASE("A rating training starts from an older one, and from no other kind of model") {
  const Sample sample = rated_sample();
  const OpenedModel old(trained(sample.dataset, small_recipe({"rating.epochs=30"})));
  const Recipe one_epoch = small_recipe({"rating.epochs=1"});
  TrainOptions options;
  options.from = &*old;
  const ModelContents started = trained(sample.dataset, one_epoch, options);
  CHECK(started.facts.metrics.front().value == kItems);
  CHECK(unseen_rmse(sample, started) < 0.25);

  const OpenedModel other(trained(sample.dataset, recipe_with("ials", {"ials.dimension=4"})));
  options.from = &*other;
  const Result<ModelContents> refused = train(sample.dataset, one_epoch, options);
  REQUIRE_FALSE(refused.ok());
  CHECK_THAT(refused.error().message, ContainsSubstring("of another kind"));
}

}  // namespace train_rating_test
}  // namespace palate::testing
