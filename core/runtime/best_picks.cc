// A binary heap that grows to the length of the list, then lets the worst go for what is better.
#include "runtime/best_picks.h"

namespace palate::internal {

void BestPicks::add(Pick pick) {
  Pick* const begin = list_.data();
  if (size_ == list_.size()) {
    if (size_ == 0 || !ranks_before(pick, *begin)) return;
    std::pop_heap(begin, begin + size_, ranks_before);
    begin[size_ - 1] = pick;
  } else {
    begin[size_++] = pick;
  }
  std::push_heap(begin, begin + size_, ranks_before);
  if (size_ == list_.size()) threshold_ = begin->score;
}

std::size_t BestPicks::finish() {
  std::sort_heap(list_.data(), list_.data() + size_, ranks_before);
  return size_;
}

}  // namespace palate::internal
