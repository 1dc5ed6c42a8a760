// Two-tower: what it learns from, and its derivatives.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gradient_check.h"
#include "palate/random.h"
#include "train/instruction_set.h"
#include "train/two_tower/losses.h"
#include "train/two_tower/trainer.h"
#include "train/two_tower/visits.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_two_tower_gradient_test {

using Catch::Approx;
using internal::ItemSequences;
using internal::StateParts;
using internal::ThreadPool;
using internal::Towers;
using internal::TowerVisit;
using internal::TwoTowerTrainer;
using internal::VisitPlan;

const internal::Kernels& kernels() { return *internal::choose_instruction_set()->kernels; }

/// The floats that a checkpoint keeps under a name, the `which`-th of that name.
std::span<float> part(const StateParts& parts, std::string_view name, std::size_t which = 0) {
  for (const internal::StatePart& part : parts) {
    if (part.name == name && which-- == 0) return std::get<std::span<float>>(part.values);
  }
  FAIL("no part " << name);
  return {};
}

double reference_loss(const TwoTowerRecipe& recipe, std::span<const double> scores,
                      std::size_t targets, std::span<const float> bias) {
  double loss = 0;
  const std::span<const double> negatives = scores.subspan(targets);
  for (const double target : scores.first(targets)) {
    double sum = recipe.loss == Loss::kSoftmax ? std::exp(target / recipe.temperature) : 0;
    for (std::size_t n = 0; n < negatives.size(); ++n) {
      sum += recipe.loss == Loss::kSoftmax ? std::exp(negatives[n] / recipe.temperature + bias[n])
                                           : std::max(0.0, negatives[n] - recipe.margin);
    }
    loss += recipe.loss == Loss::kSoftmax
                ? std::log(sum) - target / recipe.temperature
                : 1 - target + recipe.negative_weight / static_cast<double>(negatives.size()) * sum;
  }
  return loss;
}

TEST_CASE("Both losses and their derivatives are those of their formulas") {
  TwoTowerRecipe recipe;
  recipe.loss = GENERATE(Loss::kSoftmax, Loss::kContrastive);
  recipe.temperature = 0.3F;
  recipe.margin = 0.1F;
  recipe.negative_weight = 7;
  constexpr std::size_t kTargets = 3;
  constexpr std::size_t kNegatives = 37;  // no multiple of any vector's width
  Random random(1);
  std::vector<double> scores(kTargets + kNegatives);
  for (double& x : scores) x = static_cast<float>(2 * random.uniform() - 1);
  std::vector<float> bias(kNegatives);
  for (float& x : bias) x = static_cast<float>(random.normal());
  std::vector<float> targets(scores.begin(), scores.begin() + kTargets);
  std::vector<float> negatives(scores.begin() + kTargets, scores.end());
  const double loss = internal::visit_loss(recipe, bias, targets, negatives, kernels());
  CHECK(loss == Approx(reference_loss(recipe, scores, kTargets, bias)).epsilon(1e-5));
  const std::vector<double> expected =
      difference_quotients(scores, [&] { return reference_loss(recipe, scores, kTargets, bias); });
  for (std::size_t k = 0; k < scores.size(); ++k) {
    const float found = k < kTargets ? targets[k] : negatives[k - kTargets];
    CHECK(found == Approx(expected[k]).epsilon(1e-4).margin(1e-6));
  }
}

TEST_CASE("Large scores and struck negatives leave the softmax loss finite") {
  TwoTowerRecipe recipe;
  recipe.temperature = 0.01F;
  std::vector<float> targets = {50, -50};
  std::vector<float> negatives = {internal::kNoNegative, 49.99F, internal::kNoNegative};
  const std::vector<float> bias(3, 0.0F);
  const double loss = internal::visit_loss(recipe, bias, targets, negatives, kernels());
  // ln(1 + e^-1) for the first, 9999 (less than a float's last digit beside it) for the second.
  CHECK(loss == Approx(9999 + std::log1p(std::exp(-1))).epsilon(1e-3));
  CHECK(negatives[0] == 0);
  CHECK(negatives[2] == 0);
  CHECK(std::isfinite(negatives[1]));
}

ItemSequences random_sequences(std::size_t users, std::size_t items, std::size_t history) {
  ItemSequences sequences;
  for (const auto& user : random_users(users, items, history, 3)) {
    for (const std::uint32_t item : user) {
      sequences.items.push_back(item);
      sequences.weights.push_back(1.0F + static_cast<float>(item) / 8);
    }
    sequences.offsets.push_back(sequences.items.size());
  }
  return sequences;
}

TEST_CASE("An item that stands twice in a history stays once, in its newest place") {
  Histories histories;
  histories.events = {{to_item(4), 2.0F}, {to_item(7), 1.0F}, {to_item(4), 1.0F}};
  histories.offsets = {0, 3};
  const ItemSequences sequences = internal::sequences_of(histories);
  CHECK(sequences.items == std::vector<std::uint32_t>{7, 4});
  CHECK(sequences.weights == std::vector<float>{1, 2});
}

TEST_CASE("Without times every item is a target once, and never in its own history") {
  const ItemSequences sequences = random_sequences(9, 30, 7);
  std::vector<std::uint32_t> users(8);
  std::iota(users.begin(), users.end(), 1U);  // user 0 is not planned for
  const auto at_once = GENERATE(1U, 2U, 100U);
  VisitPlan plan(sequences, users, false, at_once);
  std::multiset<std::pair<std::size_t, std::uint32_t>> targets;
  for (const TowerVisit& visit : plan.draw(Random(4))) {
    std::vector<std::uint32_t> history(visit.history());
    std::vector<float> weights(visit.history());
    internal::copy_history(plan.sequences(), visit, history.data(), weights.data());
    CHECK(visit.targets() <= std::min(at_once, 3U));  // half of seven
    CHECK(visit.targets() + visit.history() == 7);
    for (std::size_t k = visit.begin; k < visit.end; ++k) {
      const std::uint32_t target = plan.sequences().items[k];
      CHECK(std::count(history.begin(), history.end(), target) == 0);
      targets.emplace(visit.history_begin / 7, target);
    }
    for (std::size_t k = 0; k < history.size(); ++k) {
      CHECK(weights[k] == 1.0F + static_cast<float>(history[k]) / 8);
    }
  }
  std::multiset<std::pair<std::size_t, std::uint32_t>> expected;
  for (std::size_t k = 7; k < sequences.items.size(); ++k) {
    expected.emplace(k / 7, sequences.items[k]);
  }
  CHECK(targets == expected);
}

TEST_CASE("With times the targets follow their history") {
  const ItemSequences sequences = random_sequences(9, 30, 7);
  std::vector<std::uint32_t> users(9);
  std::iota(users.begin(), users.end(), 0U);
  VisitPlan plan(sequences, users, true, 2);
  std::size_t targets = 0;
  for (const TowerVisit& visit : plan.draw(Random(4))) {
    CHECK(visit.history_begin == visit.begin / 7 * 7);
    CHECK(visit.history_end == visit.end);
    CHECK(visit.history() >= 1);
    targets += visit.targets();
  }
  CHECK(plan.sequences().items == sequences.items);
  CHECK(targets >= 9 * 5);
  CHECK(targets <= 9 * 6);
}

/// Two-tower by its definition, in double: the mean loss of some visits against all items.
struct Reference {
  const TwoTowerRecipe& recipe;
  std::span<const std::uint32_t> popularity;
  const ItemSequences& sequences;
  std::span<const TowerVisit> visits;
  std::vector<double> items;
  std::vector<double> history;  ///< empty: the items' vectors
  std::vector<double> recency;  ///< logarithms, of the first places; empty: without order

  std::size_t d() const { return recipe.dimension; }

  double dot(const double* a, const double* b) const {
    return std::inner_product(a, a + d(), b, 0.0);
  }

  std::vector<double> scaled(const double* vector) const {
    std::vector<double> result(vector, vector + d());
    if (recipe.score == Score::kDot) return result;
    for (double& x : result) x /= std::sqrt(dot(vector, vector));
    return result;
  }

  std::vector<double> item(std::uint32_t row) const {
    std::vector<double> vector = scaled(&items[row * d()]);
    if (recipe.score == Score::kDot) return vector;
    const double mean = std::accumulate(popularity.begin(), popularity.end(), 0.0) /
                        static_cast<double>(popularity.size());
    for (double& x : vector) x *= std::pow(popularity[row] / mean, recipe.popularity_boost);
    return vector;
  }

  std::vector<double> user(std::span<const std::uint32_t> rows,
                           std::span<const float> weights) const {
    std::vector<double> sum(d());
    double all = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      double a = weights[k] * std::pow(popularity[rows[k]], -recipe.popularity_damping);
      if (!recency.empty()) a *= std::exp(recency[rows.size() - 1 - k]);
      const std::vector<double> vector =
          history.empty() ? item(rows[k])
                          : std::vector(&history[rows[k] * d()], &history[rows[k] * d()] + d());
      for (std::size_t c = 0; c < d(); ++c) sum[c] += a * vector[c];
      all += a;
    }
    for (double& x : sum) x /= std::pow(all, recipe.length_exponent);
    return scaled(sum.data());
  }

  double loss() const {
    double sum = 0;
    std::size_t targets = 0;
    for (const TowerVisit& visit : visits) {
      std::vector<std::uint32_t> rows(visit.history());
      std::vector<float> weights(visit.history());
      internal::copy_history(sequences, visit, rows.data(), weights.data());
      const std::vector<double> vector = user(rows, weights);
      std::vector<double> scores;
      std::set<std::uint32_t> touched(rows.begin(), rows.end());
      for (std::size_t k = visit.begin; k < visit.end; ++k) {
        const std::uint32_t target = sequences.items[k];
        touched.insert(target);
        scores.push_back(dot(vector.data(), item(target).data()));
      }
      for (std::uint32_t other = 0; other < popularity.size(); ++other) {
        scores.push_back(touched.contains(other) ? -1e30 : dot(vector.data(), item(other).data()));
      }
      sum += reference_loss(recipe, scores, visit.targets(),
                            std::vector<float>(popularity.size(), 0.0F));
      targets += visit.targets();
    }
    return sum / static_cast<double>(targets);
  }
};

struct Case {
  Score score;
  Loss loss;
  bool shared;
  bool ordered;
};

void check_rows(std::span<const std::uint32_t> rows, std::span<const float> found,
                std::span<const double> expected, std::size_t dimension) {
  std::vector<float> dense(expected.size(), 0.0F);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    std::copy_n(&found[k * dimension], dimension, &dense[rows[k] * dimension]);
  }
  for (std::size_t k = 0; k < dense.size(); ++k) {
    CHECK(dense[k] == Approx(expected[k]).epsilon(2e-3).margin(2e-5));
  }
}

TEST_CASE("The gradient of a batch is the difference quotient of its loss") {
  const Case test = GENERATE(Case{Score::kCosine, Loss::kSoftmax, true, false},
                             Case{Score::kCosine, Loss::kSoftmax, false, true},
                             Case{Score::kCosine, Loss::kContrastive, true, true},
                             Case{Score::kDot, Loss::kSoftmax, true, true},
                             Case{Score::kDot, Loss::kSoftmax, false, false});
  TwoTowerRecipe recipe;
  recipe.dimension = 6;
  recipe.score = test.score;
  recipe.loss = test.loss;
  recipe.shared_vectors = test.shared;
  recipe.temperature = 0.4F;
  recipe.margin = 0.05F;
  recipe.negative_weight = 20;
  recipe.negatives = 1000;  // all items: no draw to repeat
  recipe.initial_stddev = 0.7F;
  recipe.popularity_boost = 0.3F;
  constexpr std::size_t kItems = 23;
  Catalogue catalogue;
  for (std::uint32_t item = 0; item < kItems; ++item) {
    catalogue.ids.push_back(std::to_string(item));
    catalogue.popularity.push_back(40 - item);
  }
  const ItemSequences sequences = random_sequences(80, kItems, 6);
  std::vector<std::uint32_t> users(80);
  std::iota(users.begin(), users.end(), 0U);
  VisitPlan plan(sequences, users, test.ordered, 2);
  const std::vector<TowerVisit> visits = plan.draw(Random(2));  // more than one chunk's
  ThreadPool pool(2);
  Towers towers(catalogue, recipe, test.ordered, 5, kernels(), pool);
  TwoTowerTrainer trainer(catalogue, recipe, towers, kernels(), pool);

  const StateParts state = towers.state();
  Reference reference{recipe, catalogue.popularity, plan.sequences(), visits, {}, {}, {}};
  const std::span<float> items = part(state, "embeddings");
  reference.items.assign(items.begin(), items.end());
  if (!test.shared) {
    const std::span<float> history = part(state, "embeddings", 1);
    reference.history.assign(history.begin(), history.end());
  }
  if (test.ordered) {
    const std::span<float> recency = part(state, "recency");
    for (std::size_t k = 0; k < recency.size(); ++k) recency[k] = k == 1 ? 0.5F : -0.1F;
    towers.take_over();
    reference.recency.assign(recency.begin(), recency.begin() + 6);
  }

  const double loss = trainer.step(plan.sequences(), visits, 0, Random(1));
  const std::size_t targets = std::accumulate(
      visits.begin(), visits.end(), std::size_t{0},
      [](std::size_t sum, const TowerVisit& visit) { return sum + visit.targets(); });
  CHECK(loss / static_cast<double>(targets) == Approx(reference.loss()).epsilon(1e-4));
  const auto quotients = [&](std::vector<double>& parameters) {
    return difference_quotients(parameters, [&] { return reference.loss(); });
  };
  check_rows(trainer.item_gradient().items(), trainer.item_gradient().rows(),
             quotients(reference.items), recipe.dimension);
  if (!test.shared) {
    check_rows(trainer.history_gradient().items(), trainer.history_gradient().rows(),
               quotients(reference.history), recipe.dimension);
  }
  if (test.ordered) {
    // Histories have at most five items: places 0 to 4 have a bucket each (4 shares with 5).
    const std::vector<double> expected = quotients(reference.recency);
    for (std::size_t place = 0; place < 5; ++place) {
      CHECK(trainer.recency_gradient()[place] ==
            Approx(expected[place]).epsilon(2e-3).margin(2e-5));
    }
  }
}

TEST_CASE("A corrected sample of negatives weighs as much as all items") {
  TwoTowerRecipe recipe;
  recipe.dimension = 4;
  recipe.score = Score::kDot;
  recipe.initial_stddev = 1e-6F;  // all scores are 0
  recipe.negatives = 100;
  recipe.popularity_correction = GENERATE(0.0F, 0.5F, 1.0F);
  constexpr std::size_t kItems = 5000;
  Catalogue catalogue;
  for (std::uint32_t item = 0; item < kItems; ++item) {
    catalogue.ids.push_back(std::to_string(item));
    catalogue.popularity.push_back(3);
  }
  ItemSequences sequences;  // one user with two items, of which one is the target
  sequences.items = {7, 8};
  sequences.weights = {1, 1};
  sequences.offsets = {0, 2};
  const TowerVisit visit{1, 2, 0, 2};
  ThreadPool pool(1);
  Towers towers(catalogue, recipe, false, 5, kernels(), pool);
  TwoTowerTrainer trainer(catalogue, recipe, towers, kernels(), pool);
  const double loss = trainer.step(sequences, std::span(&visit, 1), 0, Random(1));
  const double stands_for = 100 * std::pow(kItems / 100.0, recipe.popularity_correction);
  CHECK(loss == Approx(std::log(1 + stands_for)).epsilon(0.005));  // one of the 100 may be struck
}

TEST_CASE("A category learns the sum of what its items learn") {
  // Adagrad keeps the square of its first gradient.
  const internal::EmbeddingOptions options{2, 0.1F, OptimizerKind::kAdagrad, 0};
  ThreadPool pool(2);
  // Items 0 and 2 have category 0, item 1 has both.
  internal::EmbeddingTable table(3, options, std::vector<float>{}, {{0, 1, 3, 4}, {0, 0, 1, 0}, 2},
                                 Random(1), kernels(), pool);
  const StateParts state = table.state();
  const std::span<float> embeddings = part(state, "embeddings");
  CHECK(table.vectors()[3] == Approx(embeddings[3] + embeddings[7] + embeddings[9]));
  std::vector<float> gradients = {1, 2, 10, 20};
  table.step(std::vector<std::uint32_t>{2, 1}, gradients, 0.1F);
  const std::span<float> squares = part(state, "second moment");
  const std::vector<float> expected = {0, 0, 100, 400, 1, 4, 121, 484, 100, 400};
  for (std::size_t k = 0; k < expected.size(); ++k) CHECK(squares[k] == Approx(expected[k]));
  CHECK(table.vectors()[0] == Approx(embeddings[0] + embeddings[6]));
}

}  // namespace train_two_tower_gradient_test
}  // namespace palate::testing
