// The ranker: an MLP on what `RankerInput` makes of a visitor and an item.
#ifndef PALATE_RUNTIME_MLP_RANKER_H_
#define PALATE_RUNTIME_MLP_RANKER_H_

#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/mlp_forward.h"
#include "runtime/ranker_input.h"

namespace palate::internal {

/// Scores items in blocks of rows; keeps its memory from one call to the next.
class MlpRanker {
 public:
  /// Borrows the layers.
  static Result<MlpRanker> create(std::span<const DenseLayerView> layers);

  /// The logit of each item for the visitor that `input` knows, in the order given.
  Status score(const RankerInput& input, std::span<const ItemIndex> items, std::span<float> scores);

  /// The logit of one row.
  Result<float> score(std::span<const float> row);

 private:
  explicit MlpRanker(MlpForward mlp) : mlp_(std::move(mlp)) {}

  MlpForward mlp_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_MLP_RANKER_H_
