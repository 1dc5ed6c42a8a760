// The buckets of the time between two events: whole numbers alone, so that every machine agrees.
#include <algorithm>
#include <bit>
#include <cstdint>

#include "palate/model.h"

namespace palate {

std::size_t gap_bucket(std::int64_t before_ms, std::int64_t time_ms) {
  if (before_ms == 0 || time_ms == 0) return 0;
  const std::uint64_t seconds =
      time_ms > before_ms
          ? (static_cast<std::uint64_t>(time_ms) - static_cast<std::uint64_t>(before_ms)) / 1000
          : 0;
  return std::min<std::size_t>(1 + static_cast<std::size_t>(std::bit_width(seconds)),
                               kGapBuckets - 1);
}

}  // namespace palate
