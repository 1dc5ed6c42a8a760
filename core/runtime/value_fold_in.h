// Fold-in of values: the exact user vector of anybody's ratings.
#ifndef PALATE_RUNTIME_VALUE_FOLD_IN_H_
#define PALATE_RUNTIME_VALUE_FOLD_IN_H_

#include <memory>
#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/fold_in_system.h"
#include "runtime/history.h"
#include "runtime/history_vectors.h"
#include "runtime/user_encoder.h"

namespace palate::internal {

/// Formula: palate/encoder_views.h, ValueFoldInView. Borrows the model.
class ValueFoldInEncoder final : public UserEncoder {
 public:
  /// `kModelMeaning` when the file's numbers give a system that has no unique solution.
  static Result<std::unique_ptr<UserEncoder>> create(const Model& model);

  /// Makes A for a merged history, which must stay as it is while the encoder is asked about it.
  Status set_history(const MergedHistory& history) override;

  /// The user vector of the history set last.
  Status encode(std::span<float> user_vector) override;

  /// What each item of that history adds to gradient . user vector: (|w_j| rest_j h_j + ridge *
  /// |S|^-1/2 y_j) . A^-1 gradient, the first term where it has a value.
  Status contributions(std::span<const double> gradient, std::span<float> amounts) override;

  FoldInSystem* posterior() override { return &system_; }

 private:
  ValueFoldInEncoder(const Model& model, FoldInSystem system)
      : parameters_(*model.value_fold_in()),
        baseline_(*model.value_head()),
        implicit_(model.value_fold_in()->implicit_vectors),
        system_(std::move(system)) {}

  bool has_prior() const { return parameters_.implicit_vectors.rows > 0; }
  double rest(const HistoryItem& item) const;

  ValueFoldInView parameters_;
  ValueHeadView baseline_;
  HistoryVectors implicit_;
  FoldInSystem system_;
  std::span<const HistoryItem> history_;
  double prior_weight_ = 0;     // ridge * |S|^-1/2
  Buffer<HistoryItem> valued_;  // the part of the history that has values
  Buffer<double> right_side_;
  Buffer<float> solution_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_VALUE_FOLD_IN_H_
