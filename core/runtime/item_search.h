// A search for the best rows that need not look at all of them.
#ifndef PALATE_RUNTIME_ITEM_SEARCH_H_
#define PALATE_RUNTIME_ITEM_SEARCH_H_

#include <cstddef>
#include <optional>
#include <span>

#include "palate/types.h"
#include "runtime/top_k.h"

namespace palate::internal {

/// An interface, so that a page loads the code behind it with a model that has an index.
class ItemSearch {
 public:
  ItemSearch() = default;
  ItemSearch(const ItemSearch&) = delete;
  ItemSearch& operator=(const ItemSearch&) = delete;
  virtual ~ItemSearch() = default;

  /// As `top_k`, but rows may be missing. The query has neither scales nor offsets. Nothing where
  /// it cannot fill the list; then `top_k` is to be asked.
  virtual std::optional<std::size_t> best(const TopKQuery& query, std::size_t count,
                                          std::span<Pick> room) = 0;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_ITEM_SEARCH_H_
