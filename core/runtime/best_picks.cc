// A binary heap that grows to the length of the list, then lets the worst go for what is better.
#include "runtime/best_picks.h"

namespace palate::internal {
namespace {

// Puts `pick` where a heap of `size` picks has a hole at its top. By hand: a hundred picks of a
// large catalogue come by here some thousand times.
void sink(Pick* heap, std::size_t size, Pick pick) {
  std::size_t hole = 0;
  for (;;) {
    std::size_t child = 2 * hole + 1;
    if (child >= size) break;
    if (child + 1 < size && ranks_before(heap[child], heap[child + 1])) ++child;
    if (!ranks_before(pick, heap[child])) break;
    heap[hole] = heap[child];
    hole = child;
  }
  heap[hole] = pick;
}

}  // namespace

void BestPicks::add(Pick pick) {
  if (size_ == list_.size()) {
    if (size_ == 0 || !ranks_before(pick, list_[0])) return;
    sink(list_.data(), size_, pick);
  } else {
    std::size_t hole = size_++;
    for (; hole > 0; hole = (hole - 1) / 2) {
      const Pick parent = list_[(hole - 1) / 2];
      if (!ranks_before(parent, pick)) break;
      list_[hole] = parent;
    }
    list_[hole] = pick;
  }
  if (size_ == list_.size()) threshold_ = list_[0].score;
}

std::size_t BestPicks::finish() {
  for (std::size_t left = size_; left > 1; --left) {
    const Pick worst = list_[0];
    sink(list_.data(), left - 1, list_[left - 1]);
    list_[left - 1] = worst;
  }
  return size_;
}

}  // namespace palate::internal
