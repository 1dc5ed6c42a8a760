// How well users are served that sequence does not learn from.
#ifndef PALATE_TRAIN_SEQUENCE_VALIDATION_H_
#define PALATE_TRAIN_SEQUENCE_VALIDATION_H_

#include <cstdint>
#include <span>

#include "data/parallel.h"
#include "train/item_sequences.h"
#include "train/kernels/kernels.h"
#include "train/sequence/trainer.h"

namespace palate::internal {

/// NDCG at 10 of the next item, on average over each user's newest ten events but the first: all
/// items are ranked, but with `exclude_seen` those of the events before.
double next_item_ndcg(const SequenceModel& model, const ItemSequences& sequences, bool exclude_seen,
                      std::span<const std::uint32_t> users, const Kernels& kernels,
                      ThreadPool& pool);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_SEQUENCE_VALIDATION_H_
