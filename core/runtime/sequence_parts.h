// The parts of a sequence network's blocks that a run and its derivatives have in common.
#ifndef PALATE_RUNTIME_SEQUENCE_PARTS_H_
#define PALATE_RUNTIME_SEQUENCE_PARTS_H_

#include <cmath>
#include <cstddef>

#include "model/portable_math.h"
#include "palate/encoder_views.h"
#include "runtime/dot.h"

namespace palate::internal {

inline float logistic(float x) { return 1 / (1 + portable_expf(-x)); }

/// What N(x) multiplies x by.
inline float norm_factor(const float* x, std::size_t count) {
  const float mean = dot(x, {x, count}) * (1 / static_cast<float>(count));
  return 1 / std::sqrt(mean + kNormEpsilon);
}

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_SEQUENCE_PARTS_H_
