// Item-item weights by linear regression: EASE, and its approximation on neighbourhoods.
#ifndef PALATE_TRAIN_ITEM_ITEM_ITEM_ITEM_H_
#define PALATE_TRAIN_ITEM_ITEM_ITEM_ITEM_H_

#include <cstddef>
#include <cstdint>

#include "factor/sparse_rows.h"
#include "train/algorithms.h"
#include "train/weight_rows.h"

namespace palate::internal {

/// X, the users' items with their weights, times each user's damping:
///   f_u = length_u^(-user_damping / 2), scaled so that sum f_u^2 length_u = sum length_u.
/// Then G = X'X, and both solvers minimise |X - X B|^2 + sum_ji ridge_j B_ji^2 with diag B = 0,
///   ridge_j = regularization * sqrt(mean_k G_kk) + dropout / (1 - dropout) G_jj
/// (Steck 2019; the root, because the noise of a count grows with it, so that one number suits logs
/// of any density; the second term: Steck 2020, what predicting each item of a history from what a
/// dropout leaves of it comes to on average).
class ItemRegression {
 public:
  ItemRegression(const Histories& histories, std::size_t items, const ItemItemRecipe& recipe);

  std::size_t item_count() const { return items_.size(); }
  const ItemItemRecipe& recipe() const { return recipe_; }
  const SparseRows& users() const { return users_; }
  const SparseRows& items() const { return items_; }

  /// G_jj + ridge_j.
  double diagonal(std::size_t item) const;

  /// Adds row `item` of G to `row`, from column 0 to `last`.
  void add_gramian_row(std::size_t item, std::size_t last, double* row) const;

 private:
  const ItemItemRecipe& recipe_;
  SparseRows users_;
  SparseRows items_;
  double ridge_ = 0;  // what it is alike for all items
};

/// Bytes that `solve_densely` keeps at once beside the weights: two matrices, each 2 bytes x
/// items^2 (in whole tiles), and the columns that are swept.
std::uint64_t dense_bytes(std::uint64_t items);

/// With P = (G + ridge)^-1: B_ji = -P_ji / P_ii. Of each row the `neighbours` weights of largest
/// magnitude stay; then `refit_passes` rounds of coordinate descent on what stays.
/// `kRecipeInvalid` when the regularisation is too small for an inverse.
Result<ItemWeights> solve_densely(const ItemRegression& regression, const TrainContext& context);

/// For each item i the regression on the `support` items S that are touched by the same users most
/// often: (G_SS + ridge) b = G_Si, which is SLIM (Ning, Karypis 2011) with L2 alone on a
/// neighbourhood that is chosen beforehand. Then the rows are pruned as above.
Result<ItemWeights> solve_sparsely(const ItemRegression& regression, const TrainContext& context);

/// That the regularisation is too small for an inverse.
Error no_inverse();

class SymmetricMatrix;

/// Rounds of coordinate descent (Gauss, Seidel) on the weights that are there: each in turn is what
/// the others of its column leave for it. `matrix` is G + ridge.
void refit(const SymmetricMatrix& matrix, std::uint32_t passes, ThreadPool& pool,
           ItemWeights& weights);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_ITEM_ITEM_ITEM_ITEM_H_
