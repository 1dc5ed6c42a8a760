// Reasons: how much each item of a history adds to a score.
#ifndef PALATE_RUNTIME_EXPLAIN_H_
#define PALATE_RUNTIME_EXPLAIN_H_

#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/recommender.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/history.h"
#include "runtime/mlp_gradient.h"
#include "runtime/mlp_ranker.h"

namespace palate::internal {

/// What each item of a history adds to `score`, beyond `base`, in order and with what is left over.
Result<Explanation> explanation_of(float score, float base, std::span<const HistoryItem> history,
                                   std::span<const float> amounts);

/// A user vector is a sum with a term for each item of the history, so the gradient of a score by
/// the user vector tells what each adds to it. For a ranker's score it is the mean gradient on the
/// line from the zero user vector to the visitor's (integrated gradients; Sundararajan, Taly, Yan
/// 2017). Borrows the model and what `create` is given.
class RankerGradient {
 public:
  static Result<RankerGradient> create(const Model& model, MlpRanker& ranker);

  /// Finds all of the below for a visitor and an item.
  Status measure(std::span<const float> user_vector, ItemIndex item);

  float score() const { return score_; }
  float base() const { return base_; }  ///< the score of a zero user vector
  std::span<const double> gradient() const { return gradient_.first(dimension_); }

 private:
  RankerGradient(const Model& model, MlpRanker& ranker, MlpGradient mlp_gradient)
      : dimension_(model.dimension()), ranker_(&ranker), mlp_gradient_(std::move(mlp_gradient)) {}

  Status reserve();
  void average(std::span<const float> user_vector, ItemIndex item);

  std::size_t dimension_;
  MlpRanker* ranker_;
  MlpGradient mlp_gradient_;
  float score_ = 0;
  float base_ = 0;
  Buffer<double> gradient_;
  Buffer<float> zero_user_;
  Buffer<float> start_;
  Buffer<float> direction_;
  Buffer<float> input_gradient_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_EXPLAIN_H_
