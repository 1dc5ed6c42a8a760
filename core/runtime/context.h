// What a page knows of a visit, as the ranker reads it.
#ifndef PALATE_RUNTIME_CONTEXT_H_
#define PALATE_RUNTIME_CONTEXT_H_

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "palate/model.h"

namespace palate::internal {

/// Whether a feature is one of the context: the same for all items of a list.
constexpr bool is_of_context(FeatureSource source) {
  return source >= FeatureSource::kContextNumber && source <= FeatureSource::kContextCategory;
}

/// The column of such a feature, from a row of its cells; `scale` is that of a number. 0 where the
/// cell is missing, or none of the categories that the model knows.
inline float context_column(const FeatureView& feature, const NumberScale& scale,
                            const CellsView& cells, std::size_t row) {
  if (feature.source == FeatureSource::kContextCategory) {
    const auto entries = cells.entries_of(row);
    return std::ranges::find(entries, feature.category) == entries.end() ? 0.0F : 1.0F;
  }
  const float number = cells.numbers[row];
  if (feature.source == FeatureSource::kContextNumber) return scaled(scale, number);
  return std::isnan(number) ? 0.0F : 1.0F;
}

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_CONTEXT_H_
