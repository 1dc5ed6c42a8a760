// What the network learns from in one go: windows cut out of the users' sequences.
#include "train/sequence/windows.h"

#include <algorithm>

namespace palate::internal {

std::vector<Window> draw_windows(const ItemSequences& sequences,
                                 std::span<const std::uint32_t> users, std::size_t length,
                                 Random random) {
  std::vector<Window> windows;
  for (const std::uint32_t user : users) {
    const std::size_t last = sequences.offsets[user + 1];
    std::size_t begin = sequences.offsets[user];
    if (last - begin < 2) continue;
    const std::size_t steps = last - begin - 1;
    // The first window may be short, so that the cuts between the others fall anywhere.
    std::size_t size = steps > length ? 1 + random.below(length) : steps;
    while (begin + 1 < last) {
      size = std::min(size, last - 1 - begin);
      windows.push_back({begin, begin + size});
      begin += size;
      size = length;
    }
  }
  random.shuffle(std::span(windows));
  return windows;
}

}  // namespace palate::internal
