// Fold-in: the exact user vector of anybody's history, and the linear system behind it.
#ifndef PALATE_RUNTIME_FOLD_IN_H_
#define PALATE_RUNTIME_FOLD_IN_H_

#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/history.h"

namespace palate::internal {

/// Solves A x = b with the A of one history (formula: palate/model.h, FoldInView). A is assembled
/// and factored in single precision; solutions are refined against residuals in double precision
/// (Higham 2002, chapter 12), so they are as exact as floats can say.
class FoldInEncoder {
 public:
  /// `kModelMeaning` when the file's numbers give a system that has no unique solution. Borrows
  /// what the views point to.
  static Result<FoldInEncoder> create(const FoldInView& parameters, const MatrixView& item_vectors);

  /// Makes A for a merged history, which must stay as it is while `solve` is used. May be empty.
  Status set_history(std::span<const HistoryItem> history);

  /// A^-1 right_side.
  Status solve(std::span<const double> right_side, std::span<float> solution);

  /// The user vector of the history set last: A^-1 sum_j w_j h_j.
  Status encode(std::span<float> user_vector);

  /// What each item of that history adds to gradient . user vector: w_j h_j . A^-1 gradient.
  Status contributions(std::span<const double> gradient, std::span<float> amounts);

 private:
  FoldInEncoder(const FoldInView& parameters, const MatrixView& item_vectors)
      : parameters_(parameters), item_vectors_(item_vectors) {}

  Status reserve();
  void assemble();
  void residual(std::span<const double> right_side, std::span<const float> solution);

  FoldInView parameters_;
  MatrixView item_vectors_;
  std::span<const HistoryItem> history_;
  double ridge_ = 0;
  Buffer<float> factor_;
  Buffer<float> panel_;
  Buffer<float> correction_;
  Buffer<double> right_side_;
  Buffer<double> point_;
  Buffer<double> residual_;
  Buffer<float> solution_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_FOLD_IN_H_
