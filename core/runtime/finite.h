// The check that keeps a number that is not finite from reaching a caller.
#ifndef PALATE_RUNTIME_FINITE_H_
#define PALATE_RUNTIME_FINITE_H_

#include <cstddef>
#include <span>

#include "model/sentence.h"
#include "palate/result.h"
#include "runtime/lanes.h"

namespace palate::internal {

/// x * 0 is 0 for a finite x, else NaN; so one sum tells for all, without a branch an entry.
inline bool all_finite(std::span<const float> numbers) {
  Lanes lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= numbers.size(); i += kLanes) lanes += load(numbers.data() + i) * splat(0);
  float total = sum(lanes);
  for (; i < numbers.size(); ++i) total += numbers[i] * 0.0F;
  return total == 0.0F;
}

inline Error not_finite(const char* what) {
  return {ErrorCode::kModelMeaning,
          sentence({what,
                    " is not finite: the numbers of the model file, or the weights of the history, "
                    "are too large"})};
}

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_FINITE_H_
