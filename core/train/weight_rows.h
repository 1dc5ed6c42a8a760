// Rows of item weights as they are trained, and the sparse form that the model file keeps.
#ifndef PALATE_TRAIN_WEIGHT_ROWS_H_
#define PALATE_TRAIN_WEIGHT_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/model_writer.h"
#include "palate/result.h"

namespace palate::internal {

/// What an item of the history adds to the score of the item `column`.
struct ItemWeight {
  std::uint32_t column = 0;
  float value = 0;
};
using WeightRow = std::vector<ItemWeight>;

/// Leaves the `count` weights of largest magnitude (ties: the lower column), those of 0 out, in
/// order of their columns, each of which stands in the row once.
void prune(WeightRow& row, std::size_t count);

/// Pruned rows, one an item of the history, with equal weights of the history's items.
/// `kRecipeInvalid` when they are more than a model file holds.
Result<ItemWeights> to_item_weights(std::span<const WeightRow> rows);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_WEIGHT_ROWS_H_
