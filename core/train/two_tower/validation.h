// How well users are served that two-tower does not learn from.
#ifndef PALATE_TRAIN_TWO_TOWER_VALIDATION_H_
#define PALATE_TRAIN_TWO_TOWER_VALIDATION_H_

#include <cstdint>
#include <vector>

#include "data/parallel.h"
#include "train/kernels/kernels.h"
#include "train/two_tower/trainer.h"
#include "train/two_tower/visits.h"

namespace palate::internal {

/// One visit a user: the newest fifth of the items (without order: a random fifth), one at least,
/// are the targets. Users with one item are left out.
std::vector<TowerVisit> validation_visits(const ItemSequences& sequences,
                                          std::span<const std::uint32_t> users);

/// Mean over the visits of the share of the targets that are among the 20 best of all items, those
/// of the history left out.
double recall_at_20(const Towers& towers, const ItemSequences& sequences,
                    std::span<const TowerVisit> visits, std::size_t dimension,
                    const Kernels& kernels, ThreadPool& pool);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_TWO_TOWER_VALIDATION_H_
