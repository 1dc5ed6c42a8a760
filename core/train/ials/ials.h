// Implicit alternating least squares.
#ifndef PALATE_TRAIN_IALS_IALS_H_
#define PALATE_TRAIN_IALS_IALS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "palate/model_writer.h"
#include "palate/recipe.h"
#include "train/checkpoint.h"
#include "train/kernels/kernels.h"
#include "train/sparse_rows.h"

namespace palate::internal {

/// lambda * (count + unobserved_weight * others)^exponent: the regularisation of one user with
/// `count` items out of `others`, or of one item with `count` users (Rendle et al. 2022, section
/// 3).
float ridge_of(const IalsRecipe& recipe, std::size_t count, std::size_t others);

/// Minimises, over user vectors u and item vectors h,
///   sum over interactions of w (1 - u'h)^2 + unobserved_weight * sum over all pairs of (u'h)^2
///   + sum over users of ridge |u|^2 + sum over items of ridge |h|^2,
/// one side at a time. Each epoch starts ahead of the item vectors that it was left, by `momentum`
/// times their last change (Polyak 1964): where they are heading is known before they get there.
/// Borrows all it is given.
class Ials {
 public:
  Ials(const SparseRows& users, const SparseRows& items, const IalsRecipe& recipe,
       const Kernels& kernels, ThreadPool& pool, std::uint64_t seed);

  /// Solves for all users, then for all items; returns the objective after that.
  double run_epoch();

  std::uint32_t epochs() const { return epochs_; }  ///< that ran
  double objective() const { return objective_; }   ///< after the last one

  /// What a checkpoint keeps of it.
  StateParts state();

  /// users.size() x dimension, of the item vectors before the last step.
  std::span<const float> user_vectors() const { return user_vectors_; }

  /// items.size() x dimension.
  std::vector<float>& item_vectors() { return item_vectors_; }

 private:
  void move_ahead();

  /// Solves for every row of `own` with `other` fixed. Returns the part of the objective that the
  /// rows enter: the losses and the rows' own regularisation.
  double solve(const SparseRows& rows, const std::vector<float>& other, Solver solver,
               std::vector<float>& own);

  const SparseRows& users_;
  const SparseRows& items_;
  const IalsRecipe& recipe_;
  const Kernels& kernels_;
  ThreadPool& pool_;
  std::uint32_t epochs_ = 0;
  double objective_ = 0;
  std::vector<float> user_vectors_;
  std::vector<float> item_vectors_;
  std::vector<float> previous_items_;  ///< an epoch earlier; empty without momentum
};

/// T'T of a row-major table: dimension x dimension, both triangles. Sums in double.
std::vector<double> gramian_of(std::span<const float> table, std::size_t dimension,
                               const Kernels& kernels, ThreadPool& pool);

/// unobserved_weight * T'T, as the solvers want it.
std::vector<float> weighted_gramian(std::span<const float> table, const IalsRecipe& recipe,
                                    const Kernels& kernels, ThreadPool& pool);

/// What the model file keeps of the training beside the item vectors.
FoldIn fold_in_of(std::span<const float> item_vectors, const IalsRecipe& recipe,
                  const Kernels& kernels, ThreadPool& pool);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_IALS_IALS_H_
