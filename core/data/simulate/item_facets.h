// What simulated visitors look at: a catalogue's attributes, made comparable.
#ifndef PALATE_DATA_SIMULATE_ITEM_FACETS_H_
#define PALATE_DATA_SIMULATE_ITEM_FACETS_H_

#include <vector>

#include "palate/model_writer.h"

namespace palate::internal {

enum class FacetKind { kCategories, kQuality, kIdealPoint };

/// One attribute that counts in the utility of `simulate.h`.
struct Facet {
  FacetKind kind{};
  double weight = 0;                     ///< w_a
  const Attribute* attribute = nullptr;  ///< kCategories
  std::vector<float> ranks;              ///< the others: z_i; 0 where missing
  std::vector<char> present;             ///< the others: whether there is a value
};

/// The attributes of `items` as facets; vote counts are left to `popularity_weights`.
std::vector<Facet> facets_of(const Catalogue& items);

/// How often each item comes onto a shelf, up to a factor.
std::vector<double> popularity_weights(const Catalogue& items);

}  // namespace palate::internal

#endif  // PALATE_DATA_SIMULATE_ITEM_FACETS_H_
