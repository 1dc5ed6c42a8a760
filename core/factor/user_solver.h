// User vectors for fixed items: the encoder of the model file, in bulk.
#ifndef PALATE_FACTOR_USER_SOLVER_H_
#define PALATE_FACTOR_USER_SOLVER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "factor/ials_objective.h"
#include "factor/kernels/factor_kernels.h"
#include "factor/principal_table.h"
#include "log/chunks.h"

namespace palate::internal {

/// Solves the normal equations of `FoldInView`. One scratch
/// memory a thread, so the solver itself may be shared.
class UserSolver {
 public:
  UserSolver(std::span<const float> item_vectors, std::size_t dimension,
             const IalsObjective& objective, const FactorKernels& kernels, Workers& workers);

  std::size_t dimension() const { return dimension_; }
  std::vector<float> scratch() const;

  /// Writes the vector of a history, given as its items (each once) and their weights.
  void solve(std::span<const std::uint32_t> items, std::span<const float> weights,
             std::vector<float>& scratch, std::span<float> vector) const;

 private:
  std::size_t dimension_;
  IalsObjective objective_;
  const FactorKernels& kernels_;
  PrincipalTable items_;
};

}  // namespace palate::internal

#endif  // PALATE_FACTOR_USER_SOLVER_H_
