// The filter of a request as a mask over the catalogue.
#ifndef PALATE_RUNTIME_FILTER_H_
#define PALATE_RUNTIME_FILTER_H_

#include <span>

#include "palate/model.h"
#include "palate/request.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/history.h"
#include "runtime/row_mask.h"

namespace palate::internal {

/// `kRequestInvalid` for an item outside the catalogue.
Status check_items(const Model& model, std::span<const ItemIndex> items);

/// Whether an item has what a condition asks for.
bool meets(const Model& model, const Condition& condition, ItemIndex item);

/// Keeps its memory from one request to the next. Borrows the model.
class FilterMask {
 public:
  explicit FilterMask(const Model& model) : model_(&model) {}

  /// What `filter` and the items of the history leave out; valid until the next call.
  /// `kRequestInvalid` for an item, an attribute or a category that the model lacks and a range
  /// that is turned round.
  Result<RowMask> make(const Filter& filter, std::span<const HistoryItem> history);

 private:
  Status check(const Filter& filter) const;
  bool meets_all(std::span<const Condition> conditions, ItemIndex item) const;

  const Model* model_;
  RowBits bits_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_FILTER_H_
