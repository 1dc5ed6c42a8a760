// Sixteen bounds at a time: most are too low.
#include "runtime/gather.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "runtime/lanes.h"

namespace palate::internal {
namespace {

constexpr std::size_t kGroup = 4 * kLanes;

bool any_above(const float* numbers, float threshold) {
  const Lanes bar = splat(threshold);
  const auto above = ((load(numbers) > bar) | (load(numbers + kLanes) > bar)) |
                     ((load(numbers + 2 * kLanes) > bar) | (load(numbers + 3 * kLanes) > bar));
  std::uint64_t halves[2];
  static_assert(sizeof(halves) == sizeof(above));
  std::memcpy(halves, &above, sizeof(halves));
  return (halves[0] | halves[1]) != 0;
}

}  // namespace

// Where one of a group is above, which one is anybody's guess: all are written, over one another.
std::size_t gather(std::span<const float> bounds, std::size_t first, float threshold,
                   std::span<Pick> to) {
  std::size_t count = 0;
  for (std::size_t r = 0; r < bounds.size();) {
    const std::size_t end = std::min(r + kGroup, bounds.size());
    if (end == r + kGroup && !any_above(&bounds[r], threshold)) {
      r = end;
      continue;
    }
    for (; r < end; ++r) {
      to[count] = {to_item(first + r), bounds[r]};
      count += bounds[r] > threshold ? 1 : 0;
    }
  }
  return count;
}

}  // namespace palate::internal
