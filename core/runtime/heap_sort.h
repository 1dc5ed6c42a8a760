// Sorting by a heap.
#ifndef PALATE_RUNTIME_HEAP_SORT_H_
#define PALATE_RUNTIME_HEAP_SORT_H_

#include <algorithm>
#include <span>

namespace palate::internal {

/// In place; far less code for each kind of entry than std::sort.
template <class T, class Before>
void heap_sort(std::span<T> entries, Before before) {
  std::make_heap(entries.data(), entries.data() + entries.size(), before);
  std::sort_heap(entries.data(), entries.data() + entries.size(), before);
}

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_HEAP_SORT_H_
