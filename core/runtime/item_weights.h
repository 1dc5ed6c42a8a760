// Retrieval by item weights: a score is a weighted sum over the sparse rows of the history's items.
#ifndef PALATE_RUNTIME_ITEM_WEIGHTS_H_
#define PALATE_RUNTIME_ITEM_WEIGHTS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/history.h"
#include "runtime/history_weights.h"
#include "runtime/row_mask.h"

namespace palate::internal {

/// Formula: palate/model.h, ItemWeightsView. Borrows the model. A history costs as much as its rows
/// are long, however large the catalogue.
class ItemWeightsRetrieval {
 public:
  /// `rows` are of `model`.
  static Result<ItemWeightsRetrieval> create(const ItemWeightsView& rows, const Model& model);

  /// Adds the rows of a merged history up. It must stay as it is while anything below is asked.
  Status set_history(const MergedHistory& history);

  /// The score of each item, in the order given; not checked for being finite.
  void score(std::span<const ItemIndex> items, std::span<float> scores) const;

  /// Writes the best items but the `excluded` rows, best first; returns how many. The
  /// whole catalogue is ranked: an item that no row names scores 0, above those that score less.
  Result<std::size_t> best(RowMask excluded, std::span<Pick> picks);

  /// The items that the row of `item` names but the `excluded` rows, the largest weight first;
  /// returns how many. Needs no history.
  Result<std::size_t> similar(ItemIndex item, RowMask excluded, std::span<Pick> picks);

  /// What each item of the history adds to the score of `item`: c_j W_ji.
  Status contributions(ItemIndex item, std::span<float> amounts) const;

  /// What they are added to: nothing.
  static Result<float> base(ItemIndex) { return 0.0F; }

 private:
  ItemWeightsRetrieval(const ItemWeightsView& rows, std::size_t item_count, HistoryWeigher weigher)
      : rows_(rows), item_count_(item_count), weigher_(std::move(weigher)) {}

  Status reserve();
  void clear();
  float score_of(std::uint32_t item) const;
  Result<std::size_t> collect(RowMask excluded, std::span<Pick> list) const;
  std::size_t add_untouched(RowMask excluded, std::span<Pick> list) const;

  ItemWeightsView rows_;
  std::size_t item_count_;
  HistoryWeigher weigher_;
  std::span<const HistoryItem> history_;
  std::span<const double> coefficients_;
  Buffer<double> sums_;            // one an item; kUntouched where no row names it
  Buffer<std::uint32_t> touched_;  // the others
  std::size_t touched_count_ = 0;
  Buffer<Pick> list_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_ITEM_WEIGHTS_H_
