// Four bounds at a time: most are too low.
#include "runtime/gather.h"

#include <cstdint>
#include <cstring>

#include "runtime/lanes.h"

namespace palate::internal {
namespace {

bool any_above(const float* numbers, float threshold) {
  const auto above = load(numbers) > splat(threshold);
  std::uint64_t halves[2];
  static_assert(sizeof(halves) == sizeof(above));
  std::memcpy(halves, &above, sizeof(halves));
  return (halves[0] | halves[1]) != 0;
}

}  // namespace

// Where one of four is above, which one is anybody's guess: all are written, over one another.
std::size_t gather(std::span<const float> bounds, std::size_t first, float threshold,
                   std::span<Pick> to) {
  std::size_t count = 0;
  std::size_t r = 0;
  for (; r + kLanes <= bounds.size(); r += kLanes) {
    if (!any_above(&bounds[r], threshold)) continue;
    for (std::size_t lane = r; lane < r + kLanes; ++lane) {
      to[count] = {to_item(first + lane), bounds[lane]};
      count += bounds[lane] > threshold ? 1 : 0;
    }
  }
  for (; r < bounds.size(); ++r) {
    if (bounds[r] > threshold) to[count++] = {to_item(first + r), bounds[r]};
  }
  return count;
}

}  // namespace palate::internal
