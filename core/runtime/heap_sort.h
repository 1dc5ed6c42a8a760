// Sorting by a heap.
#ifndef PALATE_RUNTIME_HEAP_SORT_H_
#define PALATE_RUNTIME_HEAP_SORT_H_

#include <cstddef>
#include <span>
#include <utility>

namespace palate::internal {

/// Lets the entry at `top` sink to where it belongs in the heap below it.
template <class T, class Before>
void sift_down(std::span<T> heap, std::size_t top, Before before) {
  const T entry = heap[top];
  // Down to the last row, whence it mostly came, and up again from there (Wegener 1993).
  std::size_t place = top;
  for (std::size_t child; (child = 2 * place + 1) < heap.size(); place = child) {
    if (child + 1 < heap.size() && before(heap[child], heap[child + 1])) ++child;
    heap[place] = heap[child];
  }
  while (place > top && before(heap[(place - 1) / 2], entry)) {
    heap[place] = heap[(place - 1) / 2];
    place = (place - 1) / 2;
  }
  heap[place] = entry;
}

/// In place; far less code for each kind of entry than std::sort, or std::sort_heap.
template <class T, class Before>
void heap_sort(std::span<T> entries, Before before) {
  for (std::size_t top = entries.size() / 2; top-- > 0;) sift_down(entries, top, before);
  for (std::size_t left = entries.size(); left > 1;) {
    std::swap(entries[0], entries[--left]);
    sift_down(entries.first(left), 0, before);
  }
}

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_HEAP_SORT_H_
