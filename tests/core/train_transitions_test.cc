// Transitions against naive counts in double.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "palate/train.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_transitions_test {

constexpr std::int64_t kDayMs = 86'400'000;

ItemWeights trained(const Dataset& dataset, const std::vector<std::string>& overrides) {
  return trained_weights(dataset, recipe_with("transitions", overrides));
}

/// The formula of transitions.toml, pair by pair.
Matrix naive(const Dataset& dataset, const TransitionsRecipe& recipe) {
  const std::size_t items = dataset.catalogue.ids.size();
  Matrix counts(items, std::vector<double>(items));
  std::int64_t newest = 0;
  for (const Event& event : dataset.histories.events) newest = std::max(newest, event.time_ms);
  for (std::size_t user = 0; user < dataset.histories.user_count(); ++user) {
    const std::span<const Event> history = dataset.histories.of(user);
    for (std::size_t to = 0; to < history.size(); ++to) {
      for (std::size_t from = 0; from < to; ++from) {
        if (to - from > recipe.window) continue;
        double weight = std::pow(recipe.decay, to - from - 1.0);
        if (dataset.has_times && recipe.half_life_days > 0) {
          const double days = static_cast<double>(newest - history[to].time_ms) / kDayMs;
          weight *= std::pow(0.5, days / recipe.half_life_days);
        }
        counts[to_row(history[from].item)][to_row(history[to].item)] += weight;
      }
    }
  }
  for (std::vector<double>& row : counts) {
    double sum = recipe.shrinkage;
    for (const double count : row) sum += count;
    for (std::size_t item = 0; item < items; ++item) {
      const double popularity = dataset.catalogue.popularity[item];
      row[item] /= sum * std::pow(popularity, double{recipe.popularity_damping});
    }
  }
  return counts;
}

void check_equal(const Matrix& matrix, const Matrix& expected) {
  REQUIRE(matrix.size() == expected.size());
  for (std::size_t row = 0; row < matrix.size(); ++row) {
    for (std::size_t column = 0; column < matrix.size(); ++column) {
      CHECK(matrix[row][column] == Catch::Approx(expected[row][column]).epsilon(1e-5));
    }
  }
}

Sample timed_sample() {
  Sample sample = make_sample(random_users(50, 20, 9, 6), 20);
  sample.dataset.has_times = true;
  for (std::size_t user = 0; user < 50; ++user) {
    for (std::size_t k = 0; k < 9; ++k) {
      sample.dataset.histories.events[user * 9 + k].time_ms =
          static_cast<std::int64_t>(1 + user * 3 + k * 2) * kDayMs;
    }
  }
  return sample;
}

TEST_CASE("Transitions are the decayed counts of what follows, shrunk and damped") {
  const Sample sample = timed_sample();
  const std::vector<std::string> overrides = {
      "transitions.window=4",      "transitions.decay=0.6",
      "transitions.shrinkage=3",   "transitions.popularity_damping=0.5",
      "transitions.neighbours=20", "transitions.half_life_days=30"};
  const TransitionsRecipe recipe = recipe_with("transitions", overrides).transitions;
  check_equal(dense(trained(sample.dataset, overrides)), naive(sample.dataset, recipe));
}

TEST_CASE("Transitions of two users are what can be counted by hand") {
  const Sample sample = make_sample({{0, 1, 2}, {0, 2}}, 3);
  const ItemWeights weights = trained(
      sample.dataset, {"transitions.window=2", "transitions.decay=0.5", "transitions.shrinkage=0"});
  const Matrix matrix = dense(weights);
  const auto at = [&](std::size_t from, std::size_t to) {
    return matrix[sample.row_of[from]][sample.row_of[to]];
  };
  // After 0: 1 once; 2 once at two steps and once at one. After 1: 2 only. After 2: nothing.
  CHECK(at(0, 1) == Catch::Approx(1 / 2.5));
  CHECK(at(0, 2) == Catch::Approx(1.5 / 2.5));
  CHECK(at(1, 2) == Catch::Approx(1));
  CHECK(weights.columns.size() == 3);
}

TEST_CASE("Without times the half-life of transitions changes nothing") {
  const Sample sample = make_sample(random_users(30, 12, 5, 2), 12);
  const ItemWeights aged = trained(sample.dataset, {"transitions.half_life_days=1"});
  CHECK(aged.values == trained(sample.dataset, {}).values);
}

TEST_CASE("An interaction without a time counts as a new one") {
  Sample sample = timed_sample();
  for (Event& event : sample.dataset.histories.events) event.time_ms = 0;
  sample.dataset.histories.events[0].time_ms = 1000 * kDayMs;
  const ItemWeights aged = trained(sample.dataset, {"transitions.half_life_days=1"});
  CHECK(aged.values == trained(sample.dataset, {}).values);
}

TEST_CASE("Pruned transitions are the largest of each row, in order of their columns") {
  const Sample sample = timed_sample();
  const ItemWeights pruned = trained(sample.dataset, {"transitions.neighbours=5"});
  const Matrix whole = dense(trained(sample.dataset, {"transitions.neighbours=20"}));
  for (std::size_t row = 0; row < whole.size(); ++row) {
    std::vector<double> largest = whole[row];
    std::sort(largest.begin(), largest.end(), std::greater<>());
    REQUIRE(pruned.offsets[row + 1] - pruned.offsets[row] == 5);
    for (std::uint32_t k = pruned.offsets[row]; k < pruned.offsets[row + 1]; ++k) {
      CHECK(pruned.values[k] >= static_cast<float>(largest[4]));
      CHECK(pruned.values[k] == static_cast<float>(whole[row][pruned.columns[k]]));
      if (k > pruned.offsets[row]) CHECK(pruned.columns[k - 1] < pruned.columns[k]);
    }
  }
}

TEST_CASE("The newest items count most, and none beyond the window of the history") {
  const Sample sample = make_sample({{0, 1, 2}}, 3);
  const ItemWeights weights =
      trained(sample.dataset, {"transitions.history_window=3", "transitions.history_decay=0.5"});
  CHECK(weights.weights.recency == std::vector<float>{1.0F, 0.5F, 0.25F, 0.0F});
  CHECK(weights.weights.popularity_exponent == 0.0F);
  CHECK(weights.weights.length_exponent == 1.0F);
}

}  // namespace train_transitions_test
}  // namespace palate::testing
