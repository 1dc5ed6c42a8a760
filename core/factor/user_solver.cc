// User vectors for fixed items: the encoder of the model file, in bulk.
#include "factor/user_solver.h"

#include <cassert>

namespace palate::internal {

UserSolver::UserSolver(std::span<const float> item_vectors, std::size_t dimension,
                       const IalsObjective& objective, const FactorKernels& kernels,
                       Workers& workers)
    : dimension_(dimension),
      objective_(objective),
      kernels_(kernels),
      items_(principal_table(item_vectors, dimension, objective.unobserved_weight, kernels,
                             workers)) {}

std::vector<float> UserSolver::scratch() const {
  return std::vector<float>(dimension_ + kernels_.solver_scratch(dimension_));
}

void UserSolver::solve(std::span<const std::uint32_t> items, std::span<const float> weights,
                       std::vector<float>& scratch, std::span<float> vector) const {
  assert(items.size() == weights.size() && vector.size() == dimension_);
  const float ridge = objective_.ridge(items.size(), items_.values.size() / dimension_);
  float* turned = scratch.data();
  kernels_.solve_exactly({items_.values.data(), items_.diagonal.data(), dimension_, items.data(),
                          weights.data(), items.size(), ridge},
                         turned + dimension_, turned);
  kernels_.multiply(items_.axes.data(), {turned, false}, dimension_, 1, dimension_, vector.data());
}

}  // namespace palate::internal
