// A model file with further rows.
#ifndef PALATE_NEW_ITEMS_GROWN_FILE_H_
#define PALATE_NEW_ITEMS_GROWN_FILE_H_

#include <cstddef>
#include <span>
#include <vector>

#include "new_items/matched_attributes.h"
#include "palate/new_items.h"

namespace palate::internal {

/// What is to be appended, in this order.
struct FurtherRows {
  std::span<const std::size_t> items;  ///< rows of the catalogue of new items
  std::span<const float> outputs;      ///< of each, as of a content map
  std::size_t width = 0;               ///< of these
};

Result<std::vector<std::byte>> grown_file(const Model& model, const Catalogue& catalogue,
                                          std::vector<MatchedAttribute> attributes,
                                          const FurtherRows& rows, ContentMapStays map);

}  // namespace palate::internal

#endif  // PALATE_NEW_ITEMS_GROWN_FILE_H_
