// The weighted mean: a user vector that is the sum of the history's vectors, each by its weight.
#ifndef PALATE_RUNTIME_WEIGHTED_MEAN_H_
#define PALATE_RUNTIME_WEIGHTED_MEAN_H_

#include <memory>
#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/history.h"
#include "runtime/history_vectors.h"
#include "runtime/history_weights.h"
#include "runtime/user_encoder.h"

namespace palate::internal {

/// Formula: palate/encoder_views.h, WeightedMeanView. Borrows the model.
class WeightedMeanEncoder final : public UserEncoder {
 public:
  static Result<std::unique_ptr<UserEncoder>> create(const Model& model);

  /// Weighs a merged history, which must stay as it is while the encoder is asked about it.
  Status set_history(const MergedHistory& history) override;

  /// The user vector: sum_j c_j h_j.
  Status encode(std::span<float> user_vector) override;

  /// What each item of the history adds to gradient . user vector: c_j h_j . gradient.
  Status contributions(std::span<const double> gradient, std::span<float> amounts) override;

 private:
  WeightedMeanEncoder(const TableView& history_vectors, HistoryWeigher weigher)
      : vectors_(history_vectors), weigher_(std::move(weigher)) {}

  HistoryVectors vectors_;
  HistoryWeigher weigher_;
  std::span<const HistoryItem> history_;
  std::span<const double> coefficients_;
  Buffer<double> sum_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_WEIGHTED_MEAN_H_
