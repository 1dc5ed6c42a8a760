// The start of a training from an older model, whose catalogue may be another.
#ifndef PALATE_TRAIN_WARM_START_H_
#define PALATE_TRAIN_WARM_START_H_

#include <span>

#include "train/algorithms.h"

namespace palate::internal {

/// Whether the options fit the recipe: `kRequestInvalid` for an old model where the recipe has no
/// item vectors, or none of the same dimension.
Status check_warm_start(const Recipe& recipe, const TrainOptions& options);

/// Replaces the vectors of the items that the old model holds too by theirs; the others keep their
/// start. Notes in the metrics how many. Without an old model nothing happens.
void start_from_old_model(const TrainContext& context, std::span<float> item_vectors,
                          ModelContents& contents);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_WARM_START_H_
