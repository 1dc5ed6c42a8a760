// Whether the sparse rows of item weights make sense.
#include <algorithm>

#include "model/check.h"
#include "model/check_encoder.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

Verdict check_offsets(std::span<const std::uint32_t> offsets, std::size_t items,
                      std::size_t entries) {
  if (offsets.size() != items + 1 || offsets.front() != 0 || offsets.back() != entries ||
      !std::is_sorted(offsets.begin(), offsets.end())) {
    return meaning_error("the item weights"_words,
                         "have offsets that do not ascend over their entries"_words);
  }
  return kPassed;
}

Verdict check_row_columns(const ItemWeightsView& view, std::size_t items) {
  for (std::size_t row = 0; row < items; ++row) {
    const ColumnsView columns = view.row(row).columns;
    for (std::size_t entry = 1; entry < columns.size(); ++entry) {
      if (columns[entry - 1] >= columns[entry]) {
        return meaning_error("the item weights"_words, "have columns that do not ascend"_words);
      }
    }
    if (columns.size() > 0 && columns[columns.size() - 1] >= items) {
      return meaning_error("the item weights"_words, "name an item that the catalogue lacks"_words);
    }
  }
  return kPassed;
}

}  // namespace

Verdict check_item_weights(const format::ItemWeights& rows, std::size_t items,
                           ItemWeightsView& view) {
  view.offsets = span_of(rows.offsets());
  if (rows.columns() != nullptr && rows.short_columns() != nullptr) {
    return meaning_error("the item weights"_words, "have columns of two kinds"_words);
  }
  view.columns = rows.short_columns() != nullptr ? ColumnsView(span_of(rows.short_columns()))
                                                 : ColumnsView(span_of(rows.columns()));
  Verdict verdict = check_history_weights(*rows.weights(), view.weights);
  if (verdict) verdict = check_offsets(view.offsets, items, view.columns.size());
  if (verdict) {
    verdict = check_parameters(*rows.values(), view.columns.size(),
                               "the values of the item weights"_words, view.values);
  }
  if (verdict) verdict = check_row_columns(view, items);
  return verdict;
}

}  // namespace palate::internal
