// The ranker: an MLP on what `RankerInput` makes of a visitor and an item.
#ifndef PALATE_RUNTIME_MLP_RANKER_H_
#define PALATE_RUNTIME_MLP_RANKER_H_

#include <optional>
#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/first_layer.h"
#include "runtime/mlp_forward.h"
#include "runtime/ranker_input.h"

namespace palate::internal {

/// Scores items in blocks of rows; keeps its memory from one call to the next.
class MlpRanker {
 public:
  /// Borrows the model, which has a ranker.
  static Result<MlpRanker> create(const Model& model);

  /// Takes other layers after the first in the place of the model's, until it is given null.
  /// Borrows them.
  void lend(MlpForward* further) { lent_ = further; }

  /// Writes a row of what the first layer makes of each of `items`, at most MlpForward::kBlockRows.
  void enter(const RankerInput& input, std::span<const ItemIndex> items, float* rows) {
    first_.set_visitor(input, VisitorKind::kKnown);
    first_.run(input, items, rows);
  }

  /// The logit of each item for the visitor that `input` knows, in the order given; or for one of
  /// whom nothing is known.
  Status score(const RankerInput& input, std::span<const ItemIndex> items, std::span<float> scores,
               VisitorKind visitor = VisitorKind::kKnown);

 private:
  explicit MlpRanker(FirstLayer first) : first_(std::move(first)) {}

  FirstLayer first_;
  std::optional<MlpForward> further_;  // the layers after the first
  MlpForward* lent_ = nullptr;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_MLP_RANKER_H_
