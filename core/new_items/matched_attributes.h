// Attributes of new items beside those of a model.
#ifndef PALATE_NEW_ITEMS_MATCHED_ATTRIBUTES_H_
#define PALATE_NEW_ITEMS_MATCHED_ATTRIBUTES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/model_writer.h"

namespace palate::internal {

/// One of the model's attributes, as the new items have it.
struct MatchedAttribute {
  const Attribute* given = nullptr;  ///< borrowed; null where they have none of its name and kind
  std::vector<std::uint32_t> rows;   ///< of each given category among the model's, or `kNotThere`

  static constexpr std::uint32_t kNotThere = UINT32_MAX;

  /// The given categories of an item, as places in `rows`.
  std::span<const std::uint32_t> entries_of(std::size_t item) const;
};

/// One an attribute of the model.
std::vector<MatchedAttribute> match_attributes(const Model& model, const Catalogue& items);

}  // namespace palate::internal

#endif  // PALATE_NEW_ITEMS_MATCHED_ATTRIBUTES_H_
