// Implicit alternating least squares.
#include "train/ials/ials.h"

#include <algorithm>
#include <cmath>

#include "data/portable_math.h"
#include "palate/random.h"

namespace palate::internal {
namespace {

/// Rows that one thread takes at a time; users and items differ much in their number of rows.
constexpr std::size_t kSolveChunk = 16;

/// Rows whose products are summed in float before they go into the sum in double.
constexpr std::size_t kGramianChunk = 1024;

std::vector<float> random_table(std::size_t size, float stddev, Random random) {
  std::vector<float> table(size);
  for (float& value : table) value = stddev * static_cast<float>(random.normal());
  return table;
}

}  // namespace

float ridge_of(const IalsRecipe& recipe, std::size_t count, std::size_t others) {
  const double pairs = static_cast<double>(count) +
                       static_cast<double>(recipe.unobserved_weight) * static_cast<double>(others);
  return static_cast<float>(recipe.regularization *
                            portable_exp(recipe.exponent * portable_log(pairs)));
}

Ials::Ials(const SparseRows& users, const SparseRows& items, const IalsRecipe& recipe,
           const Kernels& kernels, ThreadPool& pool, std::uint64_t seed)
    : users_(users), items_(items), recipe_(recipe), kernels_(kernels), pool_(pool) {
  const std::size_t dimension = recipe.dimension;
  const float stddev = recipe.initial_stddev / std::sqrt(static_cast<float>(dimension));
  user_vectors_.resize(users.size() * dimension);
  item_vectors_ = random_table(items.size() * dimension, stddev, Random(seed, 1));
  if (recipe.momentum > 0) previous_items_.resize(item_vectors_.size());
}

double Ials::run_epoch() {
  // Conjugate gradients improve on the last epoch's vectors; in the first there are none.
  const Solver solver = epochs_ == 0 ? Solver::kExact : recipe_.solver;
  if (recipe_.momentum > 0) move_ahead();
  ++epochs_;
  solve(users_, item_vectors_, solver, user_vectors_);
  double objective = solve(items_, user_vectors_, solver, item_vectors_);
  const std::size_t dimension = recipe_.dimension;
  for (std::size_t user = 0; user < users_.size(); ++user) {
    double squared = 0;
    for (std::size_t c = 0; c < dimension; ++c) {
      const double x = user_vectors_[user * dimension + c];
      squared += x * x;
    }
    objective += ridge_of(recipe_, users_.count(user), items_.size()) * squared;
  }
  objective_ = objective;
  return objective;
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

StateParts Ials::state() {
  return {{"epochs", epochs_},
          {"objective", objective_},
          {"user vectors", user_vectors_},
          {"item vectors", item_vectors_},
          {"previous item vectors", previous_items_}};
}

double Ials::solve(const SparseRows& rows, const std::vector<float>& other, Solver solver,
                   std::vector<float>& own) {
  const std::size_t dimension = recipe_.dimension;
  const std::size_t others = other.size() / dimension;
  const std::vector<float> gramian = weighted_gramian(other, recipe_, kernels_, pool_);
  std::vector<std::vector<float>> scratch(pool_.size());
  for (auto& memory : scratch) memory.resize(kernels_.solver_scratch(dimension));
  std::vector<double> losses(ThreadPool::chunk_count(rows.size(), kSolveChunk));
  pool_.for_each_chunk(rows.size(), kSolveChunk, [&](const Chunk& chunk) {
    double loss = 0;
    for (std::size_t row = chunk.begin; row < chunk.end; ++row) {
      const std::size_t first = rows.offsets[row];
      const std::size_t count = rows.count(row);
      float* x = &own[row * dimension];
      if (count == 0) {
        std::fill_n(x, dimension, 0.0F);
        continue;
      }
      const LeastSquares problem{other.data(),
                                 gramian.data(),
                                 dimension,
                                 rows.columns.data() + first,
                                 rows.weights.data() + first,
                                 count,
                                 ridge_of(recipe_, count, others)};
      float* memory = scratch[chunk.worker].data();
      for (std::size_t k = first; k < first + count; ++k) loss += rows.weights[k];
      loss -= solver == Solver::kExact
                  ? kernels_.solve_exactly(problem, memory, x)
                  : kernels_.solve_by_gradients(problem, recipe_.cg_steps, memory, x);
    }
    losses[chunk.index] = loss;
  });
  double sum = 0;
  for (const double loss : losses) sum += loss;
  return sum;
}

std::vector<double> gramian_of(std::span<const float> table, std::size_t dimension,
                               const Kernels& kernels, ThreadPool& pool) {
  const std::size_t rows = table.size() / dimension;
  const std::size_t size = dimension * dimension;
  const std::size_t chunks = ThreadPool::chunk_count(rows, kGramianChunk);
  std::vector<float> parts(chunks * size, 0.0F);
  pool.for_each_chunk(rows, kGramianChunk, [&](const Chunk& chunk) {
    kernels.add_gramian(&table[chunk.begin * dimension], chunk.end - chunk.begin, dimension,
                        &parts[chunk.index * size]);
  });
  std::vector<double> sum(size, 0.0);
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    for (std::size_t r = 0; r < dimension; ++r) {
      for (std::size_t c = 0; c <= r; ++c) {
        sum[r * dimension + c] += parts[chunk * size + c * dimension + r];
      }
    }
  }
  for (std::size_t r = 0; r < dimension; ++r) {
    for (std::size_t c = 0; c < r; ++c) sum[c * dimension + r] = sum[r * dimension + c];
  }
  return sum;
}

std::vector<float> weighted_gramian(std::span<const float> table, const IalsRecipe& recipe,
                                    const Kernels& kernels, ThreadPool& pool) {
  const std::vector<double> gramian = gramian_of(table, recipe.dimension, kernels, pool);
  std::vector<float> weighted(gramian.size());
  std::transform(gramian.begin(), gramian.end(), weighted.begin(),
                 [&](double x) { return static_cast<float>(recipe.unobserved_weight * x); });
  return weighted;
}

FoldIn fold_in_of(std::span<const float> item_vectors, const IalsRecipe& recipe,
                  const Kernels& kernels, ThreadPool& pool) {
  const std::size_t dimension = recipe.dimension;
  const std::vector<double> gramian = gramian_of(item_vectors, dimension, kernels, pool);
  FoldIn fold_in;
  fold_in.unobserved_weight = recipe.unobserved_weight;
  fold_in.regularization = recipe.regularization;
  fold_in.exponent = recipe.exponent;
  fold_in.gramian.reserve(dimension * (dimension + 1) / 2);
  for (std::size_t r = 0; r < dimension; ++r) {
    for (std::size_t c = 0; c <= r; ++c) {
      fold_in.gramian.push_back(static_cast<float>(gramian[r * dimension + c]));
    }
  }
  return fold_in;
}

}  // namespace palate::internal
