// What the ranker learns to find, held out of what retrieval is trained on.
#ifndef PALATE_TRAIN_RANKER_TARGET_SPLIT_H_
#define PALATE_TRAIN_RANKER_TARGET_SPLIT_H_

#include <cstdint>

#include "train/sparse_rows.h"

namespace palate::internal {

/// Each user's interactions in two parts: those that retrieval may know, and the targets.
struct TargetSplit {
  SparseRows known;
  SparseRows targets;
};

/// Holds out `share` of each user's interactions at random, at least one of each user with two.
TargetSplit hold_out_targets(const SparseRows& users, double share, std::uint64_t seed);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_TARGET_SPLIT_H_
