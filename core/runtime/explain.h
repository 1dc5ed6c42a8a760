// Reasons: how much each item of a history adds to a score.
#ifndef PALATE_RUNTIME_EXPLAIN_H_
#define PALATE_RUNTIME_EXPLAIN_H_

#include <optional>
#include <span>

#include "palate/model.h"
#include "palate/recommender.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/fold_in.h"
#include "runtime/history.h"
#include "runtime/mlp_gradient.h"
#include "runtime/mlp_ranker.h"

namespace palate::internal {

/// A score's gradient with respect to the user vector, g, tells what the history adds to it: the
/// user vector is sum_j w_j A^-1 h_j, so item j adds w_j h_j . A^-1 g. For the retrieval score g is
/// the item vector; for the ranker's it is the mean gradient on the line from the zero user vector
/// to the visitor's (integrated gradients; Sundararajan, Taly, Yan 2017).
class Explainer {
 public:
  /// `ranker` may be null.
  static Result<Explainer> create(const MatrixView& item_vectors, const MlpRanker* ranker);

  /// `encoder` has `history` set, which is not empty, and `user_vector` is what it encodes to.
  /// `ranker` as given to `create`.
  Result<Explanation> explain(std::span<const HistoryItem> history,
                              std::span<const float> user_vector, ItemIndex item,
                              FoldInEncoder& encoder, MlpRanker* ranker);

 private:
  explicit Explainer(const MatrixView& item_vectors) : item_vectors_(item_vectors) {}

  Status reserve(const MlpRanker* ranker);
  Status score_ends(std::span<const float> user_vector, ItemIndex item, MlpRanker& ranker,
                    Explanation& explanation);
  void average_gradient(std::span<const float> user_vector, ItemIndex item,
                        const MlpRanker& ranker);

  MatrixView item_vectors_;
  std::optional<MlpGradient> mlp_gradient_;
  Buffer<float> zero_user_;
  Buffer<double> gradient_;  // with respect to the user vector
  Buffer<float> solution_;
  Buffer<float> start_;
  Buffer<float> direction_;
  Buffer<float> input_gradient_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_EXPLAIN_H_
