// The linear system behind a fold-in: assembled and factored for a history, solved as often as
// asked.
#ifndef PALATE_RUNTIME_FOLD_IN_SYSTEM_H_
#define PALATE_RUNTIME_FOLD_IN_SYSTEM_H_

#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/history.h"
#include "runtime/history_vectors.h"

namespace palate::internal {

/// Solves A x = b, A = gramian_weight * G + sum_j |w_j| h_j h_j' + ridge * I, with h_j the rows of
/// the item table. A is assembled and factored in single precision; solutions are refined against
/// residuals in double precision (Higham 2002, chapter 12), so they are as exact as floats can say.
class FoldInSystem {
 public:
  /// Borrows what it is given. `gramian`: the lower triangle of G, row after row, or none.
  static Result<FoldInSystem> create(const TableView& item_vectors, std::span<const float> gramian,
                                     float gramian_weight);

  /// Makes A for these items, which must stay as they are while `solve` is used. May be none.
  /// `kModelMeaning` where A is not positive definite.
  Status set(std::span<const HistoryItem> items, double ridge);

  /// A^-1 right_side. `kModelMeaning` where that cannot be told reliably.
  Status solve(std::span<const double> right_side, std::span<float> solution);

  /// Turns standard normal numbers into a draw of mean 0 and covariance A^-1: L'^-1 of them, A = L
  /// L'.
  void draw(std::span<float> numbers) const;

  /// h_j of the items that were set last.
  std::span<const float> vector(std::size_t j) const { return vectors_[j]; }

  std::size_t dimension() const { return vectors_.dimension(); }
  double ridge() const { return ridge_; }

 private:
  FoldInSystem(const TableView& item_vectors, std::span<const float> gramian, float gramian_weight)
      : vectors_(item_vectors), gramian_(gramian), gramian_weight_(gramian_weight) {}

  Status reserve();
  void assemble();
  void residual(std::span<const double> right_side, std::span<const float> solution);

  HistoryVectors vectors_;
  std::span<const float> gramian_;
  float gramian_weight_;
  std::span<const HistoryItem> items_;
  double ridge_ = 0;
  Buffer<float> factor_;
  Buffer<float> panel_;
  Buffer<float> correction_;
  Buffer<double> point_;
  Buffer<double> residual_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_FOLD_IN_SYSTEM_H_
