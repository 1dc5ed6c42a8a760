// How the learning rate goes up and down in the course of a training.
#ifndef PALATE_TRAIN_OPTIMIZE_SCHEDULE_H_
#define PALATE_TRAIN_OPTIMIZE_SCHEDULE_H_

#include <cstdint>

#include "palate/recipe.h"

namespace palate::internal {

/// Learning rate of step `step` (from 0) out of `steps`. The first `warm_up` * steps rise in a
/// straight line to `peak`; the others stay there, or fall to zero in a straight line or along half
/// a cosine (Loshchilov, Hutter 2017, without restarts).
float learning_rate_at(Schedule schedule, float peak, float warm_up, std::uint64_t step,
                       std::uint64_t steps);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_OPTIMIZE_SCHEDULE_H_
