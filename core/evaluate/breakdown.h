// The same measures over parts of the users and of the held-out items.
#ifndef PALATE_EVALUATE_BREAKDOWN_H_
#define PALATE_EVALUATE_BREAKDOWN_H_

#include <cstdint>
#include <span>
#include <vector>

#include "evaluate/item_traits.h"
#include "evaluate/user_evaluator.h"
#include "palate/evaluate.h"

namespace palate::internal {

/// Histories of 0, 1-2, 3-5, 6-10, 11-20, 21-50 and more items; only those that some user has.
std::vector<HistoryLengthReport> by_history_length(std::span<const UserOutcome> outcomes,
                                                   std::span<const std::uint32_t> ks);

/// Head, torso and tail.
std::vector<ItemPopularityReport> by_item_popularity(std::span<const UserOutcome> outcomes,
                                                     const ItemTraits& traits,
                                                     std::span<const std::uint32_t> ks);

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_BREAKDOWN_H_
