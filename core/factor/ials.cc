// Implicit alternating least squares.
#include "factor/ials.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "palate/random.h"

namespace palate::internal {
namespace {

/// Rows that one thread takes at a time; users and items differ much in their number of rows.
constexpr std::size_t kSolveChunk = 64;

/// One thread's.
struct Scratch {
  std::vector<float> solver;
  std::vector<float> vectors;  ///< a chunk's, in the other side's coordinates
};

std::vector<float> random_table(std::size_t size, float stddev, Random random) {
  std::vector<float> table(size);
  for (float& value : table) value = stddev * static_cast<float>(random.normal());
  return table;
}

}  // namespace

Ials::Ials(const SparseRows& users, const SparseRows& items, const IalsRecipe& recipe,
           const IalsObjective& objective, const FactorKernels& kernels, Workers& workers,
           std::uint64_t seed)
    : users_(users),
      items_(items),
      recipe_(recipe),
      objective_(objective),
      kernels_(kernels),
      workers_(workers) {
  const std::size_t dimension = recipe.dimension;
  const float stddev = recipe.initial_stddev / std::sqrt(static_cast<float>(dimension));
  user_vectors_.resize(users.size() * dimension);
  item_vectors_ = random_table(items.size() * dimension, stddev, Random(seed, 1));
  if (recipe.momentum > 0) previous_items_.resize(item_vectors_.size());
}

double Ials::run_epoch() {
  if (recipe_.momentum > 0) move_ahead();
  ++epochs_;
  solve(users_, item_vectors_, user_vectors_);
  double value = solve(items_, user_vectors_, item_vectors_);
  const std::size_t dimension = recipe_.dimension;
  for (std::size_t user = 0; user < users_.size(); ++user) {
    double squared = 0;
    for (std::size_t c = 0; c < dimension; ++c) {
      const double x = user_vectors_[user * dimension + c];
      squared += x * x;
    }
    value += objective_.ridge(users_.count(user), items_.size()) * squared;
  }
  value_ = value;
  return value;
}

void Ials::move_ahead() {
  // The first vectors are random: the change that the first epoch makes has no direction.
  const float momentum = epochs_ >= 2 ? recipe_.momentum : 0;
  for (std::size_t k = 0; k < item_vectors_.size(); ++k) {
    const float now = item_vectors_[k];
    item_vectors_[k] += momentum * (now - previous_items_[k]);
    previous_items_[k] = now;
  }
}

double Ials::solve(const SparseRows& rows, const std::vector<float>& other,
                   std::vector<float>& own) {
  const std::size_t dimension = recipe_.dimension;
  const std::size_t others = other.size() / dimension;
  const PrincipalTable table =
      principal_table(other, dimension, objective_.unobserved_weight, kernels_, workers_);
  std::vector<Scratch> scratch(workers_.size());
  for (Scratch& memory : scratch) {
    memory.solver.resize(kernels_.solver_scratch(dimension));
    memory.vectors.resize(kSolveChunk * dimension);
  }
  std::vector<double> losses(Workers::chunk_count(rows.size(), kSolveChunk));
  workers_.for_each_chunk(rows.size(), kSolveChunk, [&](const Chunk& chunk) {
    auto& [memory, vectors] = scratch[chunk.worker];
    const std::size_t count = chunk.end - chunk.begin;
    float* own_vectors = &own[chunk.begin * dimension];
    kernels_.multiply(own_vectors, {table.axes.data(), false}, count, dimension, dimension,
                      vectors.data());
    for (std::size_t k = 0; k < count; ++k) {
      const LeastSquares problem = problem_of(rows, chunk.begin + k, table, others);
      float* x = &vectors[k * dimension];
      if (problem.count == 0) {
        std::fill_n(x, dimension, 0.0F);
        continue;
      }
      losses[chunk.index] +=
          recipe_.solver == Solver::kExact
              ? kernels_.solve_exactly(problem, memory.data(), x)
              : kernels_.solve_by_gradients(problem, recipe_.cg_steps, memory.data(), x);
    }
    kernels_.multiply(vectors.data(), {table.axes.data(), true}, count, dimension, dimension,
                      own_vectors);
  });
  return std::accumulate(losses.begin(), losses.end(), 0.0);
}

LeastSquares Ials::problem_of(const SparseRows& rows, std::size_t row, const PrincipalTable& table,
                              std::size_t others) const {
  const std::size_t first = rows.offsets[row];
  const std::size_t count = rows.count(row);
  return {table.values.data(),
          table.diagonal.data(),
          recipe_.dimension,
          rows.columns.data() + first,
          rows.weights.data() + first,
          count,
          objective_.ridge(count, others)};
}

FoldIn fold_in_of(std::span<const float> item_vectors, std::size_t dimension,
                  const IalsObjective& objective, const FactorKernels& kernels, Workers& workers) {
  const std::vector<double> gramian = gramian_of(item_vectors, dimension, kernels, workers);
  FoldIn fold_in;
  fold_in.unobserved_weight = objective.unobserved_weight;
  fold_in.regularization = objective.regularization;
  fold_in.exponent = objective.exponent;
  fold_in.gramian.reserve(dimension * (dimension + 1) / 2);
  for (std::size_t r = 0; r < dimension; ++r) {
    for (std::size_t c = 0; c <= r; ++c) {
      fold_in.gramian.push_back(static_cast<float>(gramian[r * dimension + c]));
    }
  }
  return fold_in;
}

}  // namespace palate::internal
