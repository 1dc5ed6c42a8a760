// User vectors for fixed items: the encoder of the model file, in bulk.
#include "train/ials/user_solver.h"

#include <cassert>

#include "train/ials/ials.h"

namespace palate::internal {

UserSolver::UserSolver(std::span<const float> item_vectors, const IalsRecipe& recipe,
                       const Kernels& kernels, ThreadPool& pool)
    : item_vectors_(item_vectors),
      recipe_(recipe),
      kernels_(kernels),
      gramian_(weighted_gramian(item_vectors, recipe, kernels, pool)) {}

std::vector<float> UserSolver::scratch() const {
  return std::vector<float>(kernels_.solver_scratch(recipe_.dimension));
}

void UserSolver::solve(std::span<const std::uint32_t> items, std::span<const float> weights,
                       std::vector<float>& scratch, std::span<float> vector) const {
  assert(items.size() == weights.size() && vector.size() == recipe_.dimension);
  const std::size_t dimension = recipe_.dimension;
  const float ridge = ridge_of(recipe_, items.size(), item_vectors_.size() / dimension);
  kernels_.solve_exactly({item_vectors_.data(), gramian_.data(), dimension, items.data(),
                          weights.data(), items.size(), ridge},
                         scratch.data(), vector.data());
}

}  // namespace palate::internal
