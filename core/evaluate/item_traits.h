// What the measures ask of each item of a model, worked out once and shared by the threads.
#ifndef PALATE_EVALUATE_ITEM_TRAITS_H_
#define PALATE_EVALUATE_ITEM_TRAITS_H_

#include <vector>

#include "evaluate/diversity.h"
#include "evaluate/list_metrics.h"
#include "palate/model.h"

namespace palate::internal {

/// Borrows the model. All lists have one entry an item.
struct ItemTraits {
  explicit ItemTraits(const Model& model);

  ItemLikeness likeness;
  std::vector<std::uint32_t> popularity;
  std::vector<PopularityClass> popularity_class;
  std::vector<double> self_information;
};

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_ITEM_TRAITS_H_
