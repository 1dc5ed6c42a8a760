// Reasons: how much each item of a history adds to a score.
#ifndef PALATE_RUNTIME_EXPLAIN_H_
#define PALATE_RUNTIME_EXPLAIN_H_

#include <cstddef>
#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/recommender.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/float_layers.h"
#include "runtime/history.h"
#include "runtime/mlp_gradient.h"
#include "runtime/mlp_ranker.h"
#include "runtime/ranker_input.h"
#include "runtime/retrievers.h"

namespace palate::internal {

/// What each item of a history adds to `score`, beyond `base`, in order and with what is left over.
Result<Explanation> explanation_of(float score, float base, std::span<const HistoryItem> history,
                                   std::span<const float> amounts);

/// What the ranker reads of a visitor grows, step by step, from what it reads of an unknown one.
/// The mean gradient of its score along that line (integrated gradients; Sundararajan, Taly, Yan
/// 2017) tells what each number that it reads adds, and the user vector and the features tell what
/// each item of the history has to do with them. Borrows all that `create` is given.
class RankerGradient {
 public:
  static Result<RankerGradient> create(const Model& model, MlpRanker& ranker, RankerInput& input,
                                       Retrievers& retrievers);

  /// Takes another gradient in the place of the model's, until it is given null. Borrows it.
  void lend(MlpGradient* gradient) { lent_ = gradient; }

  /// Finds the score of an item, and what each item of the history that was set adds to it beyond
  /// `base()`.
  Status measure(ItemIndex item, std::span<float> amounts);

  float score() const { return score_; }
  float base() const { return base_; }

 private:
  RankerGradient(const Model& model, MlpRanker& ranker, RankerInput& input, Retrievers& retrievers,
                 FloatLayers layers, MlpGradient mlp_gradient)
      : dimension_(model.dimension()),
        ranker_(&ranker),
        input_(&input),
        retrievers_(&retrievers),
        layers_(std::move(layers)),
        mlp_gradient_(std::move(mlp_gradient)) {}

  Status reserve();

  std::size_t dimension_;
  MlpRanker* ranker_;
  RankerInput* input_;
  Retrievers* retrievers_;
  FloatLayers layers_;
  MlpGradient mlp_gradient_;
  MlpGradient* lent_ = nullptr;
  float score_ = 0;
  float base_ = 0;
  Buffer<double> vector_gradient_;
  Buffer<float> start_;
  Buffer<float> direction_;
  Buffer<float> row_gradient_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_EXPLAIN_H_
