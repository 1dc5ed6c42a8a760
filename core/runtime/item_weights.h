// Retrieval by item weights: a score is a weighted sum over the sparse rows of the history's items.
#ifndef PALATE_RUNTIME_ITEM_WEIGHTS_H_
#define PALATE_RUNTIME_ITEM_WEIGHTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/history.h"
#include "runtime/history_weights.h"
#include "runtime/retrieval.h"
#include "runtime/row_mask.h"

namespace palate::internal {

/// Formula: palate/encoder_views.h, ItemWeightsView. Borrows the model. A history costs as much as
/// its rows are long, however large the catalogue.
class ItemWeightsRetrieval final : public Retrieval {
 public:
  /// `rows` are of `model`.
  static Result<std::unique_ptr<Retrieval>> create(const ItemWeightsView& rows, const Model& model);

  /// Adds the rows of the history up.
  Status set_history(const MergedHistory& history) override;

  void score(std::span<const ItemIndex> items, std::span<float> scores) const override;

  /// Ranks the whole catalogue: an item that no row names scores 0, above those that score less.
  Result<std::size_t> best(RowMask excluded, std::span<Pick> picks) override;

  /// Those that the row of `item` names, the largest weight first.
  Result<std::size_t> similar(ItemIndex item, RowMask excluded, std::span<Pick> picks) override;

  /// c_j W_ji, added to nothing.
  Status contributions(ItemIndex item, std::span<float> amounts) override;
  Result<float> base(ItemIndex /*item*/) override { return 0.0F; }

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
