// How late in a log the interactions of each item lie.
#ifndef PALATE_TRAIN_RANKER_ITEM_RECENCY_H_
#define PALATE_TRAIN_RANKER_ITEM_RECENCY_H_

#include <cstdint>
#include <vector>

#include "palate/dataset.h"

namespace palate::internal {

/// `RankerView::recency`; empty where the log has no times. Being of shares, a feature of it means
/// the same for any part of a log that begins with its oldest interactions.
std::vector<std::uint8_t> item_recency(const Dataset& dataset);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_ITEM_RECENCY_H_
