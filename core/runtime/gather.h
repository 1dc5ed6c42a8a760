// Which of many bounds are above a threshold.
#ifndef PALATE_RUNTIME_GATHER_H_
#define PALATE_RUNTIME_GATHER_H_

#include <cstddef>
#include <span>

#include "palate/types.h"

namespace palate::internal {

/// Writes those above the threshold, each with its place, `first` being that of the first of all;
/// returns how many. `to` has space for all.
std::size_t gather(std::span<const float> bounds, std::size_t first, float threshold,
                   std::span<Pick> to);

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_GATHER_H_
