// iALS against its own objective and a naive solver, both in double.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "factor/ials.h"
#include "factor/sparse_rows.h"
#include "factor/user_solver.h"
#include "palate/train.h"
#include "train/instruction_set.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_ials_test {

using internal::FactorKernels;
using internal::Ials;
using internal::IalsObjective;
using internal::SparseRows;
using internal::ThreadPool;

const FactorKernels& kernels() { return *internal::choose_instruction_set()->factor_kernels; }

SparseRows weighted_rows() {
  SparseRows rows;
  const auto users = random_users(40, 25, 7, 3);
  for (std::size_t user = 0; user < users.size(); ++user) {
    std::vector<Event> history;
    for (const std::uint32_t item : users[user]) {
      history.push_back({to_item(item), 0.5F + 0.25F * static_cast<float>((user + item) % 5)});
    }
    rows.append(history);
  }
  return rows;
}

IalsRecipe small_recipe() {
  IalsRecipe recipe;
  recipe.dimension = 10;
  return recipe;
}

constexpr IalsObjective kObjective{
    .unobserved_weight = 0.2F, .regularization = 0.05F, .exponent = 0.5F};

double dot(const float* a, const float* b, std::size_t size) {
  double sum = 0;
  for (std::size_t c = 0; c < size; ++c) sum += double{a[c]} * b[c];
  return sum;
}

/// The objective as Rendle et al. 2022 write it, term by term over all pairs.
double objective(const SparseRows& users, std::span<const float> user_vectors,
                 std::span<const float> item_vectors, const IalsRecipe& recipe) {
  const std::size_t d = recipe.dimension;
  const std::size_t items = item_vectors.size() / d;
  const auto ridge = [&](std::size_t count, std::size_t others) {
    return kObjective.regularization *
           std::pow(count + double{kObjective.unobserved_weight} * others,
                    double{kObjective.exponent});
  };
  std::vector<std::size_t> item_counts(items);
  double sum = 0;
  for (std::size_t u = 0; u < users.size(); ++u) {
    const float* vector = &user_vectors[u * d];
    for (std::size_t i = 0; i < items; ++i) {
      sum += kObjective.unobserved_weight * std::pow(dot(vector, &item_vectors[i * d], d), 2);
    }
    for (std::size_t k = users.offsets[u]; k < users.offsets[u + 1]; ++k) {
      const float* item = &item_vectors[users.columns[k] * d];
      sum += users.weights[k] * std::pow(1 - dot(vector, item, d), 2);
      ++item_counts[users.columns[k]];
    }
    sum += ridge(users.count(u), items) * dot(vector, vector, d);
  }
  for (std::size_t i = 0; i < items; ++i) {
    const float* item = &item_vectors[i * d];
    sum += ridge(item_counts[i], users.size()) * dot(item, item, d);
  }
  return sum;
}

/// A dense system by Gaussian elimination with pivoting.
std::vector<double> solve_dense(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t j = 0; j < n; ++j) {
    std::size_t pivot = j;
    for (std::size_t r = j + 1; r < n; ++r) {
      if (std::abs(a[r][j]) > std::abs(a[pivot][j])) pivot = r;
    }
    std::swap(a[j], a[pivot]);
    std::swap(b[j], b[pivot]);
    for (std::size_t r = j + 1; r < n; ++r) {
      const double factor = a[r][j] / a[j][j];
      for (std::size_t c = j; c < n; ++c) a[r][c] -= factor * a[j][c];
      b[r] -= factor * b[j];
    }
  }
  for (std::size_t j = n; j-- > 0;) {
    for (std::size_t c = j + 1; c < n; ++c) b[j] -= a[j][c] * b[c];
    b[j] /= a[j][j];
  }
  return b;
}

/// The user vector by the formula of `FoldInView`.
std::vector<double> naive_user_vector(std::span<const std::uint32_t> history,
                                      std::span<const float> weights,
                                      std::span<const float> item_vectors,
                                      const IalsRecipe& recipe) {
  const std::size_t d = recipe.dimension;
  const std::size_t items = item_vectors.size() / d;
  std::vector<std::vector<double>> a(d, std::vector<double>(d));
  std::vector<double> b(d);
  const auto add = [&](const float* item, double weight) {
    for (std::size_t r = 0; r < d; ++r) {
      for (std::size_t c = 0; c < d; ++c) a[r][c] += weight * item[r] * item[c];
    }
  };
  for (std::size_t i = 0; i < items; ++i) add(&item_vectors[i * d], kObjective.unobserved_weight);
  for (std::size_t k = 0; k < history.size(); ++k) {
    const float* item = &item_vectors[history[k] * d];
    add(item, weights[k]);
    for (std::size_t c = 0; c < d; ++c) b[c] += double{weights[k]} * item[c];
  }
  const double ridge = kObjective.regularization *
                       std::pow(history.size() + double{kObjective.unobserved_weight} * items,
                                double{kObjective.exponent});
  for (std::size_t c = 0; c < d; ++c) a[c][c] += ridge;
  return solve_dense(a, b);
}

TEST_CASE("The objective weighs all pairs and the chance of a log, whatever its density") {
  // 2 users, 3 touched items of 5, 4 interactions.
  const auto sample = make_sample({{0, 1, 2}, {0}}, 5);
  IalsRecipe recipe;
  recipe.unobserved_ratio = 3;
  recipe.regularization = 0.5F;
  recipe.exponent = 0.75F;
  const IalsObjective objective = internal::objective_of(recipe, sample.dataset);
  CHECK(objective.unobserved_weight * 2 * 3 == Catch::Approx(3 * 4));
  CHECK(objective.regularization == Catch::Approx(0.5 * (std::sqrt(0.5) + std::sqrt(0.75))));
  CHECK(objective.exponent == 0.75F);
}

TEST_CASE("Every epoch of iALS lowers the objective, and reports it") {
  const SparseRows users = weighted_rows();
  const SparseRows items = internal::transpose(users, 25);
  const IalsRecipe recipe = small_recipe();
  ThreadPool pool(2);
  Ials ials(users, items, recipe, kObjective, kernels(), pool, 1);
  double last = objective(users, ials.user_vectors(), ials.item_vectors(), recipe);
  for (int epoch = 0; epoch < 6; ++epoch) {
    const double reported = ials.run_epoch();
    const double now = objective(users, ials.user_vectors(), ials.item_vectors(), recipe);
    CHECK(reported == Catch::Approx(now).epsilon(1e-5));
    CHECK(now < last);
    last = now;
  }
}

TEST_CASE("With momentum iALS comes to the same objective in fewer epochs") {
  const SparseRows users = weighted_rows();
  const SparseRows items = internal::transpose(users, 25);
  ThreadPool pool(2);
  const auto after = [&](float momentum, int epochs) {
    IalsRecipe recipe = small_recipe();
    recipe.momentum = momentum;
    Ials ials(users, items, recipe, kObjective, kernels(), pool, 1);
    for (int epoch = 1; epoch < epochs; ++epoch) ials.run_epoch();
    return ials.run_epoch();
  };
  CHECK(after(0.5F, 10) < after(0, 15));
  CHECK(after(0.5F, 400) == Catch::Approx(after(0, 400)).epsilon(1e-4));
}

TEST_CASE("The exact solver agrees with a naive dense one") {
  const std::uint32_t dimension = GENERATE(1U, 3U, 10U, 16U, 33U, 64U);
  CAPTURE(dimension);
  const SparseRows users = weighted_rows();
  const SparseRows items = internal::transpose(users, 25);
  IalsRecipe recipe = small_recipe();
  recipe.dimension = dimension;
  ThreadPool pool(1);
  Ials ials(users, items, recipe, kObjective, kernels(), pool, 5);
  ials.run_epoch();
  const internal::UserSolver solver(ials.item_vectors(), recipe.dimension, kObjective, kernels(),
                                    pool);
  std::vector<float> scratch = solver.scratch();
  std::vector<float> vector(dimension);
  for (std::size_t user = 0; user < users.size(); ++user) {
    const auto history = std::span(users.columns).subspan(users.offsets[user], users.count(user));
    const auto weights = std::span(users.weights).subspan(users.offsets[user], users.count(user));
    solver.solve(history, weights, scratch, vector);
    const std::vector<double> expected =
        naive_user_vector(history, weights, ials.item_vectors(), recipe);
    for (std::size_t c = 0; c < dimension; ++c) {
      CHECK(vector[c] == Catch::Approx(expected[c]).epsilon(1e-3).margin(1e-5));
    }
  }
}

TEST_CASE("A history longer than a block is solved like any other") {
  SparseRows users;
  std::vector<Event> history;
  for (std::uint32_t item = 0; item < 700; ++item) history.push_back({to_item(item)});
  users.append(history);
  const SparseRows items = internal::transpose(users, 900);
  IalsRecipe recipe = small_recipe();
  ThreadPool pool(1);
  Ials ials(users, items, recipe, kObjective, kernels(), pool, 5);
  const internal::UserSolver solver(ials.item_vectors(), recipe.dimension, kObjective, kernels(),
                                    pool);
  std::vector<float> scratch = solver.scratch();
  std::vector<float> exact(recipe.dimension);
  solver.solve(users.columns, users.weights, scratch, exact);
  const std::vector<double> expected =
      naive_user_vector(users.columns, users.weights, ials.item_vectors(), recipe);
  std::vector<float> by_gradients(recipe.dimension);
  const internal::PrincipalTable table = internal::principal_table(
      ials.item_vectors(), recipe.dimension, kObjective.unobserved_weight, kernels(), pool);
  std::vector<float> turned(recipe.dimension);
  kernels().solve_by_gradients(
      {table.values.data(), table.diagonal.data(), recipe.dimension, users.columns.data(),
       users.weights.data(), 700, kObjective.ridge(700, 900)},
      50, scratch.data(), turned.data());
  kernels().multiply(table.axes.data(), {turned.data(), false}, recipe.dimension, 1,
                     recipe.dimension, by_gradients.data());
  for (std::size_t c = 0; c < recipe.dimension; ++c) {
    CHECK(exact[c] == Catch::Approx(expected[c]).epsilon(1e-3).margin(1e-5));
    CHECK(by_gradients[c] == Catch::Approx(expected[c]).epsilon(1e-3).margin(1e-5));
  }
}

TEST_CASE("Conjugate gradients come to the exact solution in as many steps as it has numbers") {
  const SparseRows users = weighted_rows();
  const SparseRows items = internal::transpose(users, 25);
  IalsRecipe recipe = small_recipe();
  recipe.solver = Solver::kExact;
  ThreadPool pool(1);
  Ials exact(users, items, recipe, kObjective, kernels(), pool, 1);
  exact.run_epoch();
  const double goal = exact.run_epoch();
  recipe.solver = Solver::kConjugateGradient;
  recipe.cg_steps = recipe.dimension;
  Ials gradients(users, items, recipe, kObjective, kernels(), pool, 1);
  gradients.run_epoch();
  CHECK(gradients.run_epoch() == Catch::Approx(goal).epsilon(1e-4));
}

TEST_CASE("Every instruction set of this machine comes to the same vectors, but for rounding") {
  const SparseRows users = weighted_rows();
  const SparseRows items = internal::transpose(users, 25);
  const IalsRecipe recipe = small_recipe();
  ThreadPool pool(1);
  Ials plain(users, items, recipe, kObjective, internal::kGenericFactorKernels, pool, 1);
  Ials best(users, items, recipe, kObjective, kernels(), pool, 1);
  plain.run_epoch();
  best.run_epoch();
  for (std::size_t k = 0; k < plain.item_vectors().size(); ++k) {
    CHECK(best.item_vectors()[k] ==
          Catch::Approx(plain.item_vectors()[k]).epsilon(1e-3).margin(1e-4));
  }
}

TEST_CASE("An item that stands twice in a history counts once, with its largest weight") {
  SparseRows rows;
  const std::vector<Event> history = {{to_item(4), 1.0F}, {to_item(2), 1.0F}, {to_item(4), 3.0F}};
  rows.append(history);
  CHECK(rows.columns == std::vector<std::uint32_t>{2, 4});
  CHECK(rows.weights == std::vector<float>{1.0F, 3.0F});
}

TEST_CASE("The final Gramian is that of the final item table") {
  const auto sample = make_sample(random_users(30, 20, 5, 9), 20);
  const Recipe recipe = recipe_with("ials", {"ials.dimension=6", "ials.epochs=2"});
  const Result<ModelContents> contents = train(sample.dataset, recipe, {});
  REQUIRE(contents.ok());
  REQUIRE(contents->fold_in.has_value());
  std::size_t at = 0;
  for (std::size_t r = 0; r < 6; ++r) {
    for (std::size_t c = 0; c <= r; ++c) {
      double sum = 0;
      for (std::size_t i = 0; i < sample.dataset.catalogue.ids.size(); ++i) {
        sum += double{contents->item_vectors[i * 6 + r]} * contents->item_vectors[i * 6 + c];
      }
      CHECK(contents->fold_in->gramian[at++] == Catch::Approx(sum).epsilon(1e-5).margin(1e-6));
    }
  }
}

}  // namespace train_ials_test
}  // namespace palate::testing
