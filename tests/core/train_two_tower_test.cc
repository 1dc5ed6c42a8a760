// Two-tower: the models that come out.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "palate/model_writer.h"
#include "palate/random.h"
#include "palate/train.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_two_tower_test {

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

ModelContents trained(const Dataset& dataset, const std::vector<std::string>& overrides,
                      unsigned threads = 2) {
  std::vector<std::string> all = {"two_tower.dimension=8", "two_tower.epochs=15",
                                  "two_tower.batch=64", "two_tower.learning_rate=0.03"};
  all.insert(all.end(), overrides.begin(), overrides.end());
  TrainOptions options;
  options.seed = 3;
  options.threads = threads;
  Result<ModelContents> contents = train(dataset, recipe_with("two-tower", all), options);
  if (!contents.ok()) FAIL(contents.error().message);
  return std::move(*contents);
}

/// Two groups of users, each with its own half of the items.
Sample two_clusters() {
  auto users = random_users(80, 20, 8, 4);
  for (std::size_t user = 0; user < users.size(); user += 2) {
    for (std::uint32_t& item : users[user]) item += 20;
  }
  return make_sample(users, 40);
}

/// The mean score of an item of the own group, less that of the other group, for histories of one.
double separation(const ModelContents& contents, const Sample& sample) {
  const std::size_t d = contents.dimension;
  const std::vector<float>& vectors = contents.item_vectors;
  const std::vector<float>& own = contents.weighted_mean->history_vectors;
  const std::vector<float>& history = own.empty() ? vectors : own;
  double difference = 0;
  for (std::size_t a = 0; a < 40; ++a) {
    for (std::size_t b = 0; b < 40; ++b) {
      if (a == b) continue;
      const float* from = &history[sample.row_of[a] * d];
      const float* to = &vectors[sample.row_of[b] * d];
      const double length = std::sqrt(std::inner_product(from, from + d, from, 0.0));
      const double score = std::inner_product(from, from + d, to, 0.0) / length;
      difference += a / 20 == b / 20 ? score / (40 * 19) : -score / (40 * 20);
    }
  }
  return difference;
}

TEST_CASE("Two-tower tells two groups of items apart, whatever the loss and the tables") {
  const Sample sample = two_clusters();
  const auto overrides = GENERATE(
      std::vector<std::string>{}, std::vector<std::string>{"two_tower.shared_vectors=false"},
      std::vector<std::string>{"two_tower.loss=contrastive", "two_tower.negative_weight=5"},
      std::vector<std::string>{"two_tower.negatives=16", "two_tower.negative_popularity=0.5"},
      std::vector<std::string>{"two_tower.optimizer=adamw", "two_tower.validation_share=0"});
  CHECK(separation(trained(sample.dataset, overrides), sample) > 0.5);
}

TEST_CASE("Cosine scores leave item vectors as long as their popularity asks for") {
  const float boost = GENERATE(0.0F, 0.25F);
  const std::string override = "two_tower.popularity_boost=" + std::to_string(boost);
  const ModelContents contents = trained(two_clusters().dataset, {override});
  const std::vector<std::uint32_t>& popularity = contents.catalogue.popularity;
  const double mean = std::accumulate(popularity.begin(), popularity.end(), 0.0) / 40;
  for (std::size_t item = 0; item < 40; ++item) {
    const float* vector = &contents.item_vectors[item * 8];
    const double length = std::sqrt(std::inner_product(vector, vector + 8, vector, 0.0));
    CHECK(length == Approx(std::pow(popularity[item] / mean, boost)).epsilon(1e-5));
  }
  CHECK(contents.weighted_mean->history_vectors.empty());
  CHECK(contents.weighted_mean->weights.recency.empty());
  CHECK(contents.weighted_mean->weights.popularity_exponent == 0.5F);
}

TEST_CASE("Where only the newest item matters, the newest place weighs most") {
  // A walk over a ring: the next item follows from the last one alone.
  Random random(9);
  std::vector<std::vector<std::uint32_t>> users;
  for (int user = 0; user < 150; ++user) {
    const auto start = static_cast<std::uint32_t>(random.below(30));
    users.emplace_back();
    for (std::uint32_t step = 0; step < 12; ++step) users.back().push_back((start + step) % 30);
  }
  Sample sample = make_sample(users, 30);
  sample.dataset.has_times = true;
  const std::vector<float> recency =
      trained(sample.dataset, {"two_tower.targets=1", "two_tower.shared_vectors=false",
                               "two_tower.validation_share=0"})
          .weighted_mean->weights.recency;
  REQUIRE(recency.size() == 256);
  CHECK(recency[0] > 1.5F * recency[1]);
  CHECK(recency[0] > 2.5F * recency[4]);
  CHECK(recency[255] == recency[254]);
}

TEST_CASE("Any number of threads trains the same two towers") {
  Sample sample = two_clusters();
  sample.dataset.has_times = true;
  const std::vector<std::string> overrides = {"two_tower.epochs=3", "two_tower.batch=300",
                                              "two_tower.negatives=30",
                                              "two_tower.shared_vectors=false"};
  const ModelContents expected = trained(sample.dataset, overrides, 1);
  for (const unsigned threads : {2U, 4U}) {
    const ModelContents found = trained(sample.dataset, overrides, threads);
    CHECK(found.item_vectors == expected.item_vectors);
    CHECK(found.weighted_mean->history_vectors == expected.weighted_mean->history_vectors);
    CHECK(found.weighted_mean->weights.recency == expected.weighted_mean->weights.recency);
  }
}

TEST_CASE("Vectors beyond all numbers are told how to come back") {
  const Sample sample = two_clusters();
  const Recipe recipe = recipe_with(
      "two-tower",
      {"two_tower.score=dot", "two_tower.initial_stddev=10", "two_tower.learning_rate=10",
       "two_tower.temperature=0.01", "two_tower.schedule=constant", "two_tower.weight_decay=1",
       "two_tower.optimizer=adamw", "two_tower.epochs=200", "two_tower.validation_share=0"});
  const Result<ModelContents> contents = train(sample.dataset, recipe, {});
  REQUIRE_FALSE(contents.ok());
  CHECK(contents.error().code == ErrorCode::kRecipeInvalid);
  CHECK_THAT(contents.error().message, ContainsSubstring("two_tower.learning_rate"));
}

TEST_CASE("Two-tower trains where there is nothing to tell apart") {
  CHECK(trained(make_sample({{0}}, 1).dataset, {}).item_vectors.size() == 8);
  CHECK(trained(make_sample({{0, 1}, {1, 0}}, 2).dataset, {}).item_vectors.size() == 16);
}

}  // namespace train_two_tower_test
}  // namespace palate::testing
