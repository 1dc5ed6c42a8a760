// Quickselect (Hoare 1961) of the best, which a heap then puts in order.
#include "runtime/best_picks.h"

#include <cstdint>
#include <cstring>

#include "runtime/heap_sort.h"

namespace palate::internal {
namespace {

/// In one piece each: what was written in two cannot be read at once while it is on its way.
void swap_words(Pick& a, Pick& b) {
  std::uint64_t words[2];
  static_assert(sizeof(Pick) == sizeof(words[0]));
  std::memcpy(&words[0], &a, sizeof(Pick));
  std::memcpy(&words[1], &b, sizeof(Pick));
  std::memcpy(static_cast<void*>(&b), &words[0], sizeof(Pick));
  std::memcpy(static_cast<void*>(&a), &words[1], sizeof(Pick));
}

/// Moves what ranks before one of the picks to its left, the others to its right; returns where it
/// stands. Without branches, which would be guessed wrong every other time.
std::size_t divide(Pick* picks, std::size_t size) {
  // From anywhere: then no order that comes about by itself is a bad one.
  const std::uint32_t any = static_cast<std::uint32_t>(size) * 0x9E3779B9U;
  swap_words(picks[0], picks[std::uint64_t{any} * size >> 32]);
  const Pick pivot = picks[0];
  std::size_t end = 1;
  for (std::size_t i = 1; i < size; ++i) {
    const bool is_before = ranks_before(picks[i], pivot);
    swap_words(picks[i], picks[end]);
    end += is_before ? 1 : 0;
  }
  swap_words(picks[0], picks[end - 1]);
  return end - 1;
}

/// Moves the best `count` to the front, in place. Some three steps a pick; in an order that is made
/// against what `divide` takes, one for each pair of picks.
void select(Pick* picks, std::size_t size, std::size_t count) {
  while (count > 0 && count < size) {
    const std::size_t place = divide(picks, size);
    if (count <= place) {
      size = place;
      continue;
    }
    picks += place + 1;
    size -= place + 1;
    count -= place + 1;
  }
}

}  // namespace

std::size_t copy_best(std::span<Pick> all, std::span<Pick> picks) {
  const std::size_t count = std::min(all.size(), picks.size());
  select(all.data(), all.size(), count);
  heap_sort(all.first(count), ranks_before);
  if (picks.data() != all.data()) std::copy_n(all.data(), count, picks.data());
  return count;
}

void BestPicks::cut() {
  if (!has_too_many()) return;
  float worst = std::numeric_limits<float>::infinity();
  for (const Pick& pick : lead()) worst = std::min(worst, pick.score);
  drop(worst);
}

std::span<const Pick> BestPicks::lead() {
  select(room_.data(), size_, count_);
  return room_.first(count_);
}

void BestPicks::drop(float threshold) {
  threshold_ = threshold;
  std::size_t end = count_;
  for (const Pick& pick : all().subspan(end)) {
    if (pick.score > threshold) room_[end++] = pick;
  }
  size_ = end;
}

}  // namespace palate::internal
