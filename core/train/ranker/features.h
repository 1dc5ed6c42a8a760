// Which columns of the catalogue the ranker sees, and the columns themselves.
#ifndef PALATE_TRAIN_RANKER_FEATURES_H_
#define PALATE_TRAIN_RANKER_FEATURES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/model_writer.h"
#include "palate/recipe.h"

namespace palate::internal {

/// What a log tells of each item.
struct ItemStatistics {
  std::vector<float> popularity;
  std::vector<std::uint8_t> recency;  ///< of `RankerView`; empty: not to be read
};

/// The retrieval score first, then popularity and recency, then for each number attribute its
/// number and, where some items lack it, whether it is missing; last one column for each of the
/// most frequent categories. Popularity (the catalogue's), recency and numbers are standardised
/// over the items; the scale of the retrieval score is left to the trainer. A number that is the
/// same for all items has no column.
std::vector<FeatureView> choose_features(const Catalogue& catalogue,
                                         std::span<const std::uint8_t> recency,
                                         const RankerRecipe& recipe);

/// Adds what depends on the visitor: the score of each of the further retrievers; where the recipe
/// wants them, how near the item's categories and numbers are to those of the history, of late and
/// on the whole, and how long the history is. The scales are left to the trainer, but for those of
/// distances, which follow from how far apart items are.
void add_visitor_features(const Catalogue& catalogue, const RankerRecipe& recipe,
                          std::size_t retrievers, std::vector<FeatureView>& features);

/// Adds the columns of the context: a number and whether it is known, and the categories.
void add_context_features(std::span<const TabularColumn> context,
                          std::vector<FeatureView>& features);

/// The columns of all items, items x features, as the runtime computes them, but that those which
/// depend on the visitor or the context are left at 0, and popularity and recency are those of
/// `statistics`.
std::vector<float> feature_table(const Catalogue& catalogue, const ItemStatistics& statistics,
                                 std::span<const FeatureView> features);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_FEATURES_H_
