// What the ranker learns from: the split, the examples, the features and the measure.
#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/parallel.h"
#include "palate/model_writer.h"
#include "palate/train.h"
#include "runtime/features.h"
#include "train/ials/user_solver.h"
#include "train/instruction_set.h"
#include "train/ranker/features.h"
#include "train/ranker/ranker_trainer.h"
#include "train/ranker/ranking_score.h"
#include "train/ranker/sampler.h"
#include "train/ranker/target_split.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_ranker_test {

using internal::Draw;
using internal::Example;
using internal::ExampleGroup;
using internal::Sampler;
using internal::SparseRows;
using internal::TargetSplit;
using internal::ThreadPool;
using internal::UserSolver;
using internal::Visit;

const internal::Kernels& kernels() { return *internal::choose_instruction_set()->kernels; }

std::vector<std::uint32_t> row_of(const SparseRows& rows, std::size_t row) {
  const auto begin = rows.columns.begin();
  return {begin + static_cast<std::ptrdiff_t>(rows.offsets[row]),
          begin + static_cast<std::ptrdiff_t>(rows.offsets[row + 1])};
}

TEST_CASE("Targets are held out of every user with two interactions, and of no other") {
  const Sample sample = make_sample({{0}, {0, 1}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}, 10);
  const SparseRows users = internal::rows_of(sample.dataset.histories);
  const TargetSplit split = internal::hold_out_targets(users, 0.3, 1);
  CHECK(split.targets.count(0) == 0);
  CHECK(split.targets.count(1) == 1);
  CHECK(split.targets.count(2) == 3);
  for (std::size_t user = 0; user < 3; ++user) {
    std::vector<std::uint32_t> both = row_of(split.known, user);
    const std::vector<std::uint32_t> targets = row_of(split.targets, user);
    both.insert(both.end(), targets.begin(), targets.end());
    std::sort(both.begin(), both.end());
    CHECK(both == row_of(users, user));
  }
}

TEST_CASE("The measure of a list is that of its definition") {
  // By score: item 1, item 2 (a tie keeps the order of retrieval), item 3, item 0; targets 1 and 3
  // are first and third. The second visit has no target and does not count.
  ExampleGroup group;
  group.examples = {{0, 0, 0}, {1, 0, 1}, {2, 0, 0}, {3, 0, 1}, {4, 0, 0}};
  group.visits = {{0, 0, 4}, {0, 4, 5}};
  const std::vector<float> scores = {0.1F, 0.9F, 0.9F, 0.5F, 0.3F};
  const internal::RankerScore score = internal::ranking_score(group, scores);
  CHECK(score.ndcg == Catch::Approx((1 + 1 / std::log2(4.0)) / (1 + 1 / std::log2(3.0))));
  CHECK(score.auc == Catch::Approx(0.75));
}

constexpr std::size_t kDimension = 4;
constexpr internal::IalsObjective kObjective{
    .unobserved_weight = 0.2F, .regularization = 0.009F, .exponent = 1.0F};

RankerRecipe small_ranker() {
  RankerRecipe recipe;
  recipe.candidates = 20;
  recipe.max_targets = 2;
  recipe.negatives = 3;
  return recipe;
}

std::vector<float> random_vectors(std::size_t size) {
  Random random(3);
  std::vector<float> vectors(size);
  for (float& x : vectors) x = static_cast<float>(random.normal());
  return vectors;
}

TargetSplit random_split() {
  const Sample sample = make_sample(random_users(30, 50, 12, 6), 50);
  return internal::hold_out_targets(internal::rows_of(sample.dataset.histories), 0.25, 1);
}

/// A sampler over random users and random item vectors, with all that it borrows.
struct SamplerSample {
  explicit SamplerSample(unsigned threads) : pool(threads) {}

  ThreadPool pool;
  RankerRecipe recipe = small_ranker();
  std::vector<float> item_vectors = random_vectors(50 * kDimension);
  std::vector<float> popularity = std::vector<float>(50, 1.0F);
  TargetSplit split = random_split();
  UserSolver solver{item_vectors, kDimension, kObjective, kernels(), pool};
  Sampler sampler{split.known, split.targets, item_vectors, solver,
                  popularity,  recipe,        kernels(),    pool};
};

std::vector<std::uint32_t> first_users(std::uint32_t count) {
  std::vector<std::uint32_t> users(count);
  for (std::uint32_t user = 0; user < count; ++user) users[user] = user;
  return users;
}

TEST_CASE("All candidates of a visit are the best that the history does not know, best first") {
  SamplerSample sample(1);
  sample.recipe.short_share = 0;
  const ExampleGroup group = sample.sampler.draw(first_users(30), Draw::kAll, 5);
  REQUIRE(group.visits.size() == 30);
  for (std::uint32_t user = 0; user < 30; ++user) {
    const std::span<const Example> examples = group.of(group.visits[user]);
    REQUIRE(examples.size() == 20);
    const std::vector<std::uint32_t> known = row_of(sample.split.known, user);
    const std::vector<std::uint32_t> targets = row_of(sample.split.targets, user);
    const float* vector = &group.vectors[group.visits[user].vector];
    std::size_t better_outside = 0;
    for (std::uint32_t item = 0; item < 50; ++item) {
      double score = 0;
      for (std::size_t c = 0; c < 4; ++c) {
        score += double{vector[c]} * sample.item_vectors[item * 4 + c];
      }
      const auto found = std::find_if(examples.begin(), examples.end(),
                                      [&](const Example& e) { return e.item == item; });
      if (found != examples.end()) {
        CHECK(found->score == Catch::Approx(score).margin(1e-5));
        CHECK(found->label == (std::count(targets.begin(), targets.end(), item) > 0 ? 1 : 0));
        CHECK(std::count(known.begin(), known.end(), item) == 0);
      } else if (std::count(known.begin(), known.end(), item) == 0) {
        better_outside += score > examples.back().score + 1e-5 ? 1 : 0;
      }
    }
    CHECK(better_outside == 0);
    CHECK(std::is_sorted(examples.begin(), examples.end(),
                         [](const Example& a, const Example& b) { return a.score > b.score; }));
  }
}

TEST_CASE("Sampled examples hold few targets of a user, each with its negatives") {
  const SamplerSample sample(1);
  const ExampleGroup group = sample.sampler.draw(first_users(30), Draw::kSampled, 5);
  REQUIRE_FALSE(group.visits.empty());
  for (const Visit& visit : group.visits) {
    const std::span<const Example> examples = group.of(visit);
    const auto targets = std::count_if(examples.begin(), examples.end(),
                                       [](const Example& e) { return e.label > 0; });
    CHECK(targets >= 1);
    CHECK(targets <= 2);
    CHECK(examples.size() == static_cast<std::size_t>(targets) * 4);
  }
}

TEST_CASE("Any number of threads draws the same examples") {
  const SamplerSample one(1);
  const SamplerSample three(3);
  const ExampleGroup expected = one.sampler.draw(first_users(30), Draw::kSampled, 9);
  const ExampleGroup group = three.sampler.draw(first_users(30), Draw::kSampled, 9);
  CHECK(group.vectors == expected.vectors);
  REQUIRE(group.examples.size() == expected.examples.size());
  for (std::size_t k = 0; k < group.examples.size(); ++k) {
    CHECK(group.examples[k].item == expected.examples[k].item);
    CHECK(group.examples[k].score == expected.examples[k].score);
    CHECK(group.examples[k].label == expected.examples[k].label);
  }
}

/// 400 users who take seven of eight items from one of four genres. An item's vector points to its
/// genre through much noise, so a folded-in visitor's taste is clear while an item's kind is not:
/// the categories say it.
struct NoisyVectors {
  static constexpr std::uint32_t kGenres = 4;
  static constexpr std::uint32_t kItems = 400;

  NoisyVectors() {
    Random random(8);
    std::vector<std::vector<std::uint32_t>> users(400);
    for (std::uint32_t user = 0; user < users.size(); ++user) {
      while (users[user].size() < 20) {
        const bool own = random.below(8) != 0;
        const std::uint64_t taste = own ? user % kGenres : random.below(kGenres);
        const std::uint64_t item = kGenres * random.below(kItems / kGenres) + taste;
        users[user].push_back(static_cast<std::uint32_t>(item));
      }
    }
    const Sample sample = make_sample(users, kItems);
    split = internal::hold_out_targets(internal::rows_of(sample.dataset.histories), 0.25, 1);
    catalogue = sample.dataset.catalogue;
    Attribute genre{"genre", AttributeKind::kCategory, {}, {"a", "b", "c", "d"}, {0}, {}};
    for (const std::string& id : catalogue.ids) {
      const std::uint32_t own = std::stoul(id.substr(1)) % kGenres;
      genre.entries.push_back(own);
      genre.offsets.push_back(static_cast<std::uint32_t>(genre.entries.size()));
      for (std::uint32_t c = 0; c < kGenres; ++c) {
        vectors.push_back(static_cast<float>((c == own ? 1 : 0) + random.normal()));
      }
    }
    catalogue.attributes = {genre};
  }

  Catalogue catalogue;
  std::vector<float> vectors;
  TargetSplit split;
};

TEST_CASE("The ranker learns what a category is worth to a visitor") {
  const NoisyVectors sample;
  RankerRecipe recipe;
  recipe.candidates = NoisyVectors::kItems;
  recipe.popularity_correction = 0;
  recipe.learning_rate = 0.005F;
  recipe.epochs = 40;
  recipe.patience = 40;
  recipe.validation_share = 0.25F;
  ThreadPool pool(2);
  const UserSolver solver{sample.vectors, kDimension, kObjective, kernels(), pool};
  internal::Checkpoint none;
  const internal::RankerInputs inputs{
      sample.catalogue, sample.split, sample.vectors, solver, kernels(), pool, none};
  const auto result = internal::train_ranker(inputs, recipe, 1, [](auto...) {});
  REQUIRE(result.ok());
  CHECK(result->validation.auc > result->retrieval.auc + 0.05);
  CHECK(result->validation.loss < result->retrieval.loss);
}

TEST_CASE("The features that the ranker learns from are those that the runtime computes") {
  ModelContents contents;
  Catalogue& catalogue = contents.catalogue;
  catalogue.ids = {"a", "b", "c", "d"};
  catalogue.popularity = {9, 5, 5, 1};
  catalogue.attributes = {
      {"genre", AttributeKind::kCategory, {}, {"x", "y", "z"}, {0, 2, 3, 3, 4}, {0, 1, 1, 2}},
      {"year", AttributeKind::kNumber, {1990, kNoValue, 2010, 2001}, {}, {}, {}},
      {"same", AttributeKind::kNumber, {7, 7, 7, 7}, {}, {}, {}}};
  RankerRecipe recipe;
  recipe.min_category_items = 1;
  recipe.max_categories = 2;
  const std::vector<FeatureView> features = internal::choose_features(catalogue, recipe);
  // Score, popularity, year, year missing, and the two most frequent of the categories.
  REQUIRE(features.size() == 6);
  CHECK(features[4].category == 1);
  CHECK(features[5].category == 0);
  const std::vector<float> popularity(catalogue.popularity.begin(), catalogue.popularity.end());
  const std::vector<float> table = internal::feature_table(catalogue, popularity, features);

  const Result<std::vector<std::byte>> bytes = write_model(contents);
  REQUIRE(bytes.ok());
  struct alignas(16) Block {
    std::array<std::byte, 16> bytes;
  };
  std::vector<Block> aligned((bytes->size() + 15) / 16);
  std::memcpy(aligned.data(), bytes->data(), bytes->size());
  const Result<Model> model = Model::open({aligned.front().bytes.data(), bytes->size()});
  REQUIRE(model.ok());
  const Result<internal::ItemFeatures> runtime = internal::ItemFeatures::create(*model, features);
  REQUIRE(runtime.ok());
  for (std::size_t item = 0; item < 4; ++item) {
    std::vector<float> columns(features.size());
    runtime->write(to_item(item), 0.0F, columns);
    for (std::size_t f = 1; f < features.size(); ++f) {
      CAPTURE(item, f);
      CHECK(table[item * features.size() + f] == Catch::Approx(columns[f]).margin(1e-5));
    }
  }
}

}  // namespace train_ranker_test
}  // namespace palate::testing
