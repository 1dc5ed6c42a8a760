// The best of many picks, kept while they come by.
#ifndef PALATE_RUNTIME_BEST_PICKS_H_
#define PALATE_RUNTIME_BEST_PICKS_H_

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>

#include "palate/types.h"

namespace palate::internal {

/// The order of every list: the higher score first, ties to the lower row.
inline bool ranks_before(const Pick& a, const Pick& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

/// A heap in the caller's list, the worst on top.
class BestPicks {
 public:
  explicit BestPicks(std::span<Pick> list) : list_(list) {}
  /// No pick with a lower score is taken any more, and none of a higher row with this one.
  float threshold() const { return threshold_; }

  void add(Pick pick);

  /// How many picks the list holds.
  std::size_t size() const { return size_; }

  /// Puts the list in order, best first; returns how many picks it holds.
  std::size_t finish();

 private:
  std::span<Pick> list_;
  std::size_t size_ = 0;
  float threshold_ = -std::numeric_limits<float>::infinity();
};

/// In place; far less code for each kind of entry than std::sort.
template <class T, class Before>
void heap_sort(std::span<T> entries, Before before) {
  std::make_heap(entries.data(), entries.data() + entries.size(), before);
  std::sort_heap(entries.data(), entries.data() + entries.size(), before);
}

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_BEST_PICKS_H_
