// Item-item weights against naive regressions in double.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "palate/random.h"
#include "palate/train.h"
#include "train/instruction_set.h"
#include "train/item_item/symmetric_matrix.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_item_item_test {

using Catch::Matchers::ContainsSubstring;
using internal::SymmetricMatrix;
using internal::ThreadPool;

constexpr std::size_t kItems = 30;

Dataset sample() {
  auto users = random_users(80, kItems, 6, 12);
  for (std::size_t user = 0; user < 20; ++user) users[user].resize(3);
  return make_sample(users, kItems).dataset;
}

Recipe recipe_of(std::vector<std::string> overrides) {
  overrides.insert(overrides.begin(), {"item_item.regularization=0.8", "item_item.dropout=0.2",
                                       "item_item.user_damping=0.4", "item_item.neighbours=100"});
  return recipe_with("item-item", overrides);
}

ItemWeights trained(const Dataset& dataset, const std::vector<std::string>& overrides) {
  return trained_weights(dataset, recipe_of(overrides));
}

/// G = X'X of the users' damped rows.
Matrix naive_gramian(const Dataset& dataset, const ItemItemRecipe& recipe) {
  const Histories& histories = dataset.histories;
  double plain = 0;
  double damped = 0;
  for (std::size_t user = 0; user < histories.user_count(); ++user) {
    const auto length = static_cast<double>(histories.of(user).size());
    plain += length;
    damped += std::pow(length, 1 - double{recipe.user_damping});
  }
  Matrix gramian(kItems, std::vector<double>(kItems));
  for (std::size_t user = 0; user < histories.user_count(); ++user) {
    const std::span<const Event> history = histories.of(user);
    const double weight =
        std::pow(static_cast<double>(history.size()), -double{recipe.user_damping}) * plain /
        damped;
    for (const Event& a : history) {
      for (const Event& b : history) gramian[to_row(a.item)][to_row(b.item)] += weight;
    }
  }
  return gramian;
}

Matrix with_ridge(Matrix gramian, const ItemItemRecipe& recipe) {
  const double dropout = recipe.dropout;
  double trace = 0;
  for (std::size_t k = 0; k < gramian.size(); ++k) trace += gramian[k][k];
  const double ridge =
      recipe.regularization * std::sqrt(trace / static_cast<double>(gramian.size()));
  for (std::size_t k = 0; k < gramian.size(); ++k) {
    gramian[k][k] += ridge + dropout / (1 - dropout) * gramian[k][k];
  }
  return gramian;
}

/// By Gauss and Jordan, with pivoting.
Matrix inverse(Matrix a) {
  const std::size_t n = a.size();
  Matrix result(n, std::vector<double>(n));
  for (std::size_t k = 0; k < n; ++k) result[k][k] = 1;
  for (std::size_t p = 0; p < n; ++p) {
    std::size_t best = p;
    for (std::size_t r = p + 1; r < n; ++r) {
      if (std::abs(a[r][p]) > std::abs(a[best][p])) best = r;
    }
    std::swap(a[p], a[best]);
    std::swap(result[p], result[best]);
    for (std::size_t r = 0; r < n; ++r) {
      if (r == p) continue;
      const double factor = a[r][p] / a[p][p];
      for (std::size_t c = 0; c < n; ++c) {
        a[r][c] -= factor * a[p][c];
        result[r][c] -= factor * result[p][c];
      }
    }
    const double pivot = a[p][p];
    for (std::size_t c = 0; c < n; ++c) {
      a[p][c] /= pivot;
      result[p][c] /= pivot;
    }
  }
  return result;
}

/// Steck 2019: B = I - P diag(1 / diag P), its diagonal 0.
Matrix naive_ease(const Dataset& dataset, const ItemItemRecipe& recipe) {
  const Matrix p = inverse(with_ridge(naive_gramian(dataset, recipe), recipe));
  Matrix weights(kItems, std::vector<double>(kItems));
  for (std::size_t j = 0; j < kItems; ++j) {
    for (std::size_t i = 0; i < kItems; ++i) {
      if (i != j) weights[j][i] = -p[j][i] / p[i][i];
    }
  }
  return weights;
}

/// (A_SS)^-1 A_Si, on the rows S of one item.
std::vector<double> naive_regression(const Matrix& matrix, std::size_t item,
                                     const std::vector<std::size_t>& rows) {
  Matrix part(rows.size(), std::vector<double>(rows.size()));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < rows.size(); ++c) part[r][c] = matrix[rows[r]][rows[c]];
  }
  part = inverse(part);
  std::vector<double> weights(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < rows.size(); ++c) weights[r] += part[r][c] * matrix[rows[c]][item];
  }
  return weights;
}

void check_equal(const Matrix& matrix, const Matrix& expected) {
  REQUIRE(matrix.size() == expected.size());
  for (std::size_t row = 0; row < matrix.size(); ++row) {
    for (std::size_t column = 0; column < matrix.size(); ++column) {
      CHECK(matrix[row][column] == Catch::Approx(expected[row][column]).margin(1e-5));
    }
  }
}

TEST_CASE("Unpruned item-item weights are EASE, by either solver") {
  const Dataset dataset = sample();
  const auto solver = GENERATE(as<std::string>(), "dense", "sparse");
  const ItemWeights weights =
      trained(dataset, {"item_item.solver=" + solver, "item_item.support=100"});
  check_equal(dense(weights), naive_ease(dataset, recipe_of({}).item_item));
  CHECK(weights.weights.recency.empty());
  CHECK(weights.weights.popularity_exponent == 0.0F);
  CHECK(weights.weights.length_exponent == 0.0F);
}

TEST_CASE("Pruned item-item weights are those of largest magnitude, in order of their columns") {
  const Dataset dataset = sample();
  const ItemWeights pruned =
      trained(dataset, {"item_item.neighbours=4", "item_item.refit_passes=0"});
  const Matrix whole = naive_ease(dataset, recipe_of({}).item_item);
  for (std::size_t row = 0; row < kItems; ++row) {
    std::vector<double> largest = whole[row];
    std::sort(largest.begin(), largest.end(),
              [](double a, double b) { return std::abs(a) > std::abs(b); });
    REQUIRE(pruned.offsets[row + 1] - pruned.offsets[row] == 4);
    for (std::uint32_t k = pruned.offsets[row]; k < pruned.offsets[row + 1]; ++k) {
      CHECK(std::abs(pruned.values[k]) > std::abs(largest[4]) - 1e-5);
      CHECK(pruned.values[k] == Catch::Approx(whole[row][pruned.columns[k]]).margin(1e-5));
      if (k > pruned.offsets[row]) CHECK(pruned.columns[k - 1] < pruned.columns[k]);
    }
  }
}

TEST_CASE("Refitted for long, the weights that are kept solve the regression on themselves") {
  const Dataset dataset = sample();
  const Recipe recipe = recipe_of({"item_item.neighbours=6", "item_item.refit_passes=100"});
  const Matrix refitted =
      dense(trained(dataset, {"item_item.neighbours=6", "item_item.refit_passes=100"}));
  const Matrix matrix = with_ridge(naive_gramian(dataset, recipe.item_item), recipe.item_item);
  for (std::size_t item = 0; item < kItems; ++item) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < kItems; ++row) {
      if (refitted[row][item] != 0) rows.push_back(row);
    }
    const std::vector<double> expected = naive_regression(matrix, item, rows);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      CHECK(refitted[rows[k]][item] == Catch::Approx(expected[k]).margin(1e-5));
    }
  }
}

TEST_CASE("The sparse solver regresses each item on those most often touched by the same users") {
  const Dataset dataset = sample();
  const std::vector<std::string> overrides = {"item_item.solver=sparse", "item_item.support=7"};
  const ItemItemRecipe recipe = recipe_of(overrides).item_item;
  const Matrix gramian = naive_gramian(dataset, recipe);
  const Matrix matrix = with_ridge(gramian, recipe);
  const Matrix weights = dense(trained(dataset, overrides));
  for (std::size_t item = 0; item < kItems; ++item) {
    std::vector<std::size_t> rows(kItems);
    std::iota(rows.begin(), rows.end(), 0U);
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(item));
    // Sums of equal terms differ in their last digits by the order of the terms.
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
      return gramian[a][item] > gramian[b][item] + 1e-9;
    });
    if (gramian[rows[6]][item] < gramian[rows[7]][item] + 1e-4) continue;
    rows.resize(7);
    const std::vector<double> expected = naive_regression(matrix, item, rows);
    double sum = 0;
    for (std::size_t row = 0; row < kItems; ++row) sum += weights[row][item] != 0 ? 1 : 0;
    CHECK(sum == 7);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      CHECK(weights[rows[k]][item] == Catch::Approx(expected[k]).margin(1e-5));
    }
  }
}

TEST_CASE("The solver and what it needs are told before the work begins") {
  const Dataset dataset = sample();
  std::string note;
  TrainOptions options;
  options.note = [&](std::string_view sentence) { note = sentence; };
  options.progress = [&](const Progress&) { CHECK_FALSE(note.empty()); };
  REQUIRE(train(dataset, recipe_of({}), options).ok());
  // Two triangles of one tile of 128 x 128 floats, and two more tiles.
  CHECK_THAT(note, ContainsSubstring("dense") && ContainsSubstring("262144 bytes"));
  REQUIRE(train(dataset, recipe_of({"item_item.max_memory_gib=0.0001"}), options).ok());
  CHECK_THAT(note, ContainsSubstring("sparse") && ContainsSubstring("262144 bytes"));
}

TEST_CASE("A dense solver that would not fit is refused with what it takes") {
  const Result<ModelContents> contents =
      train(sample(), recipe_of({"item_item.max_memory_gib=0.0001", "item_item.solver=dense"}), {});
  REQUIRE_FALSE(contents.ok());
  CHECK(contents.error().code == ErrorCode::kRecipeInvalid);
  CHECK_THAT(contents.error().message,
             ContainsSubstring("262144 bytes") && ContainsSubstring("item_item.max_memory_gib"));
}

TEST_CASE("A symmetric matrix of several tiles is inverted in place") {
  constexpr std::size_t kSize = 300;
  Random random(3);
  Matrix table(kSize + 20, std::vector<double>(kSize));
  for (auto& row : table) {
    for (double& value : row) value = random.normal();
  }
  SymmetricMatrix matrix(kSize);
  Matrix expected(kSize, std::vector<double>(kSize));
  for (std::size_t r = 0; r < kSize; ++r) {
    for (std::size_t c = 0; c <= r; ++c) {
      double sum = r == c ? 50 : 0;
      for (const auto& row : table) sum += row[r] * row[c];
      matrix.set(r, c, static_cast<float>(sum));
      expected[r][c] = expected[c][r] = static_cast<float>(sum);
    }
  }
  expected = inverse(expected);
  ThreadPool pool(2);
  std::size_t last = 0;
  REQUIRE(matrix.negate_and_invert(*internal::choose_instruction_set()->kernels, pool,
                                   [&](std::size_t done, std::size_t total) {
                                     CHECK(total == 3);
                                     last = done;
                                   }));
  CHECK(last == 3);
  std::vector<float> row(kSize);
  for (const std::size_t r : {std::size_t{0}, std::size_t{130}, kSize - 1}) {
    matrix.copy_row(r, row.data());
    for (std::size_t c = 0; c < kSize; ++c) {
      CHECK(-row[c] == Catch::Approx(expected[r][c]).margin(2e-6));
      CHECK(row[c] == Catch::Approx(matrix.at(std::max(r, c), std::min(r, c))).margin(1e-6));
    }
  }
}

TEST_CASE("A matrix that is not positive definite has no inverse") {
  SymmetricMatrix matrix(200);
  for (std::size_t k = 0; k < 200; ++k) matrix.set(k, k, k == 150 ? -1.0F : 1.0F);
  ThreadPool pool(1);
  CHECK_FALSE(matrix.negate_and_invert(*internal::choose_instruction_set()->kernels, pool,
                                       [](std::size_t, std::size_t) {}));
}

TEST_CASE("A regularisation too small for an inverse is refused by either solver") {
  // Three items that stand together always: even two of them make a singular matrix.
  const Sample triplets = make_sample({{0, 1, 2}, {0, 1, 2}, {0, 1, 2}}, 3);
  const auto solver = GENERATE(as<std::string>(), "dense", "sparse");
  const Recipe recipe = recipe_with(
      "item-item",
      {"item_item.regularization=1e-30", "item_item.dropout=0", "item_item.solver=" + solver});
  const Result<ModelContents> contents = train(triplets.dataset, recipe, {});
  REQUIRE_FALSE(contents.ok());
  CHECK_THAT(contents.error().message, ContainsSubstring("item_item.regularization"));
}

}  // namespace train_item_item_test
}  // namespace palate::testing
