// Item vectors in lists of those that lie near one another.
#ifndef PALATE_COMPRESS_ITEM_LISTS_H_
#define PALATE_COMPRESS_ITEM_LISTS_H_

#include <cstdint>
#include <vector>

#include "log/chunks.h"
#include "palate/model.h"

namespace palate::internal {

struct ItemLists {
  std::vector<float> centroids;      ///< lists x columns of the table
  std::vector<std::uint16_t> lists;  ///< one a row of the table
};

/// K-means on the sphere (Dhillon, Modha 2001) of the rows, lifted onto it by one more number each,
/// sqrt(longest^2 - length^2), so that near on the sphere is what scores alike for any user vector
/// (Bachrach et al. 2014; Neyshabur, Srebro 2015; with k-means: Auvolat et al. 2015). A centroid is
/// given without that number, for which a user vector has 0. `count` lists, at most 65,536 and no
/// more than rows; the same whatever the number of workers.
ItemLists make_item_lists(const TableView& table, std::uint32_t count, std::uint64_t seed,
                          Workers& workers);

}  // namespace palate::internal

#endif  // PALATE_COMPRESS_ITEM_LISTS_H_
