// What the measures ask of each item of a model.
#include "evaluate/item_traits.h"

#include <algorithm>

namespace palate::internal {

ItemTraits::ItemTraits(const Model& model) : likeness(model) {
  double whole = 0;
  for (std::size_t row = 0; row < model.item_count(); ++row) {
    popularity.push_back(std::max(model.popularity(to_item(row)), 1U));
    whole += popularity.back();
  }
  popularity_class = popularity_classes(popularity);
  for (const std::uint32_t count : popularity) {
    self_information.push_back(internal::self_information(count, whole));
  }
}

}  // namespace palate::internal
