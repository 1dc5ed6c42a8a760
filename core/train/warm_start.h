// The start of a training from an older model, whose catalogue may be another.
#ifndef PALATE_TRAIN_WARM_START_H_
#define PALATE_TRAIN_WARM_START_H_

#include <cstddef>
#include <span>
#include <vector>

#include "train/algorithms.h"

namespace palate::internal {

/// Whether the options fit the recipe: `kRequestInvalid` for an old model where the recipe has no
/// item vectors, or none of the same dimension.
Status check_warm_start(const Recipe& recipe, const TrainOptions& options);

/// An item that the old model holds too: its row in the catalogue, and there.
struct KnownItem {
  std::size_t row = 0;
  std::size_t old_row = 0;
};

/// Notes in the metrics how many there are. Without an old model there are none.
std::vector<KnownItem> items_of_old_model(const TrainContext& context, ModelContents& contents);

/// Replaces the vectors of the items that the old model holds too by theirs; the others keep their
/// start. Without an old model nothing happens.
void start_from_old_model(const TrainContext& context, std::span<float> item_vectors,
                          ModelContents& contents);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_WARM_START_H_
