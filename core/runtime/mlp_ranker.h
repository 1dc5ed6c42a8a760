// The ranker: an MLP on [user vector, item vector, item features].
#ifndef PALATE_RUNTIME_MLP_RANKER_H_
#define PALATE_RUNTIME_MLP_RANKER_H_

#include <cstddef>
#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/features.h"
#include "runtime/mlp_forward.h"
#include "runtime/score_offset.h"

namespace palate::internal {

/// Scores items in blocks of rows; keeps its memory from one call to the next.
class MlpRanker {
 public:
  /// `model` has a ranker and must stay where it is.
  static Result<MlpRanker> create(const Model& model);

  /// The logit of each item for a user vector, in the order given.
  Status score(std::span<const float> user_vector, std::span<const ItemIndex> items,
               std::span<float> scores);

  /// Numbers in an input row.
  std::size_t input_size() const { return mlp_.input_size(); }

  /// Writes one input row, [user vector, item vector, item features].
  void write_input(std::span<const float> user_vector, ItemIndex item, std::span<float> row) const;

  const RankerView& view() const { return *ranker_; }
  const ItemFeatures& features() const { return features_; }

 private:
  MlpRanker(const Model& model, ItemFeatures features, MlpForward mlp)
      : ranker_(model.ranker()),
        item_vectors_(model.item_vectors()),
        offset_(model),
        features_(std::move(features)),
        mlp_(std::move(mlp)) {}

  const RankerView* ranker_;
  TableView item_vectors_;
  ScoreOffset offset_;
  ItemFeatures features_;
  MlpForward mlp_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_MLP_RANKER_H_
