// How many lists of items have to be looked at for how much of the exact list.
#ifndef PALATE_COMPRESS_LIST_DEPTHS_H_
#define PALATE_COMPRESS_LIST_DEPTHS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "compress/item_lists.h"
#include "data/parallel.h"
#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"

namespace palate::internal {

/// Of some histories, added up.
struct ListDepths {
  std::uint64_t histories = 0;
  std::uint64_t sought = 0;           ///< items of the exact lists
  std::vector<std::uint64_t> found;   ///< of these, in the list of items that comes p-th, from 0
  std::vector<std::uint64_t> looked;  ///< how many items that list has

  /// The share of the sought items that the first `probes` lists hold.
  double recall(std::uint32_t probes) const;
  /// The share of `items` items that is looked at with so many probes.
  double share(std::uint32_t probes, std::size_t items) const;
};

/// For every `stride`-th history, from the `first` on, the exact best `length` items that are not
/// in it. The model's encoder makes user vectors.
Result<ListDepths> measure_list_depths(const Model& model, const ItemLists& lists,
                                       std::span<const std::vector<Event>> histories,
                                       std::size_t first, std::size_t stride, std::uint32_t length,
                                       ThreadPool& threads);

}  // namespace palate::internal

#endif  // PALATE_COMPRESS_LIST_DEPTHS_H_
