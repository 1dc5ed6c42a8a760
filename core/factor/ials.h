// Implicit alternating least squares.
#ifndef PALATE_FACTOR_IALS_H_
#define PALATE_FACTOR_IALS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "factor/ials_objective.h"
#include "factor/kernels/factor_kernels.h"
#include "factor/principal_table.h"
#include "factor/sparse_rows.h"
#include "log/chunks.h"
#include "palate/factor.h"
#include "palate/model_writer.h"

namespace palate::internal {

/// All that changes from epoch to epoch.
struct IalsState {
  std::uint32_t& epochs;
  double& objective;
  std::vector<float>& user_vectors;
  std::vector<float>& item_vectors;
  std::vector<float>& previous_items;
};

/// Minimises, over user vectors u and item vectors h,
///   sum over interactions of w (1 - u'h)^2 + unobserved_weight * sum over all pairs of (u'h)^2
///   + sum over users of ridge |u|^2 + sum over items of ridge |h|^2,
/// one side at a time. Each epoch starts ahead of the item vectors that it was left, by `momentum`
/// times their last change (Polyak 1964): where they are heading is known before they get there.
/// Borrows all it is given.
class Ials {
 public:
  Ials(const SparseRows& users, const SparseRows& items, const IalsRecipe& recipe,
       const IalsObjective& objective, const FactorKernels& kernels, Workers& workers,
       std::uint64_t seed);

  /// Solves for all users, then for all items; returns the objective after that.
  double run_epoch();

  std::uint32_t epochs() const { return epochs_; }  ///< that ran
  double objective() const { return value_; }       ///< its value after the last one

  /// What a training that goes on later keeps of it.
  IalsState state() { return {epochs_, value_, user_vectors_, item_vectors_, previous_items_}; }

  /// users.size() x dimension, of the item vectors before the last step.
  std::span<const float> user_vectors() const { return user_vectors_; }

  /// items.size() x dimension.
  std::vector<float>& item_vectors() { return item_vectors_; }

 private:
  void move_ahead();

  /// Solves for every row of `own` with `other` fixed. Returns the part of the objective that the
  /// rows enter: the losses and the rows' own regularisation.
  double solve(const SparseRows& rows, const std::vector<float>& other, std::vector<float>& own);

  LeastSquares problem_of(const SparseRows& rows, std::size_t row, const PrincipalTable& table,
                          std::size_t others) const;

  const SparseRows& users_;
  const SparseRows& items_;
  const IalsRecipe& recipe_;
  const IalsObjective objective_;
  const FactorKernels& kernels_;
  Workers& workers_;
  std::uint32_t epochs_ = 0;
  double value_ = 0;
  std::vector<float> user_vectors_;
  std::vector<float> item_vectors_;
  std::vector<float> previous_items_;  ///< an epoch earlier; empty without momentum
};

/// What the model file keeps of the training beside the item vectors.
FoldIn fold_in_of(std::span<const float> item_vectors, std::size_t dimension,
                  const IalsObjective& objective, const FactorKernels& kernels, Workers& workers);

}  // namespace palate::internal

#endif  // PALATE_FACTOR_IALS_H_
