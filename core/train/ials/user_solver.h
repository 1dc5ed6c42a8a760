// User vectors for fixed items: the encoder of the model file, in bulk.
#ifndef PALATE_TRAIN_IALS_USER_SOLVER_H_
#define PALATE_TRAIN_IALS_USER_SOLVER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "palate/recipe.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// Solves the normal equations of `FoldInView`. Borrows the item table and the recipe. One scratch
/// memory a thread, so the solver itself may be shared.
class UserSolver {
 public:
  UserSolver(std::span<const float> item_vectors, const IalsRecipe& recipe, const Kernels& kernels,
             ThreadPool& pool);

  std::size_t dimension() const { return recipe_.dimension; }
  std::vector<float> scratch() const;

  /// Writes the vector of a history, given as its items (each once) and their weights.
  void solve(std::span<const std::uint32_t> items, std::span<const float> weights,
             std::vector<float>& scratch, std::span<float> vector) const;

 private:
  std::span<const float> item_vectors_;
  const IalsRecipe& recipe_;
  const Kernels& kernels_;
  std::vector<float> gramian_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_IALS_USER_SOLVER_H_
