// What a history is made of, category by category.
#ifndef PALATE_RUNTIME_TASTE_H_
#define PALATE_RUNTIME_TASTE_H_

#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/recommender.h"
#include "runtime/attribute_bias.h"
#include "runtime/history.h"

namespace palate::internal {

/// `Recommender::taste`.
std::vector<Taste> taste_of(const Model& model, std::span<const HistoryItem> history,
                            const AttributeBias& wishes);

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_TASTE_H_
