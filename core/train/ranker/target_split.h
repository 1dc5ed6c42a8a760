// What the ranker learns to find, held out of what retrieval is trained on.
#ifndef PALATE_TRAIN_RANKER_TARGET_SPLIT_H_
#define PALATE_TRAIN_RANKER_TARGET_SPLIT_H_

#include <cstdint>
#include <vector>

#include "factor/sparse_rows.h"
#include "palate/dataset.h"

namespace palate::internal {

/// Each user's items in two parts: those that retrieval may know, and the targets.
struct TargetSplit {
  Dataset known;  ///< with the catalogue of the whole, without the context
  SparseRows targets;
  std::vector<std::uint32_t> target_events;  ///< of each target its newest event, of the whole
};

enum class TargetChoice {
  kNewest,  ///< what comes after all that is known
  kRandom,
};

/// Holds out `share` of the items of each user who has two, at least one and at most `limit`.
TargetSplit hold_out_targets(const Dataset& dataset, double share, std::uint32_t limit,
                             TargetChoice choice, std::uint64_t seed);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_TARGET_SPLIT_H_
