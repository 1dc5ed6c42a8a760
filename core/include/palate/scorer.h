// The runtime of a tabular model: rows of features go in, scores and their reasons come out.
#ifndef PALATE_SCORER_H_
#define PALATE_SCORER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/result.h"

namespace palate {

/// What a column adds to the two scores of a row.
struct FeatureContribution {
  float amount = 0;  ///< to the network's
  float linear = 0;  ///< to the linear head's: sum of w_j x_j over the column's terms
};

/// sum == base + sum of amounts + remainder; linear_sum == linear_base + sum of linear.
struct ScoreExplanation {
  float sum = 0;          ///< the network's output: a logit or a value
  float base = 0;         ///< what it makes of the average row of the training
  float remainder = 0;    ///< what rounding leaves over; of a very large network also what the
                          ///< integration misses
  float linear_sum = 0;   ///< of the linear head
  float linear_base = 0;  ///< its bias
  std::vector<FeatureContribution> contributions;  ///< one a column, in the model's order
};

/// Scores rows of columns. Borrows the model, which must outlive it and stay where it is; one
/// thread at a time. Memory is kept from call to call.
///
/// Cells come by column, one `CellsView` for each of the model's columns, in their order and of
/// their kinds. Entries are `TabularColumnView::row_of` a category, or `missing_row()`.
///
/// Errors of every call: `kRequestInvalid` for cells of another shape or an entry without a row;
/// `kModelMeaning` where the numbers of a forged file lead to a score that is not finite;
/// `kMemory`.
class Scorer {
 public:
  /// `kModelUnsupported` where the model has no tabular part.
  static Result<Scorer> create(const Model& model);

  Scorer(Scorer&&) noexcept;
  Scorer& operator=(Scorer&&) noexcept;
  ~Scorer();

  /// The outputs of the network and of the linear head for rows `first` on, as many as `sums` has.
  Status score(std::span<const CellsView> columns, std::size_t first, std::span<float> sums,
               std::span<float> linear_sums);

  /// Why a row has its scores: integrated gradients (Sundararajan, Taly, Yan 2017) along the
  /// straight line from the average row's inputs to those of this one, and the terms of the linear
  /// head.
  Result<ScoreExplanation> explain(std::span<const CellsView> columns, std::size_t row);

  /// 1 / (1 + exp(-sum)) where the target is a probability, else `sum` itself.
  float score_of(float sum) const;

 private:
  struct State;
  explicit Scorer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace palate

#endif  // PALATE_SCORER_H_
