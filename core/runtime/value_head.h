// Predicted values (ratings): the baseline predictor with a share of the retrieval score.
#ifndef PALATE_RUNTIME_VALUE_HEAD_H_
#define PALATE_RUNTIME_VALUE_HEAD_H_

#include <span>

#include "palate/model.h"
#include "palate/types.h"
#include "runtime/history.h"

namespace palate::internal {

/// How much higher than the mean the visitor rates (formula: palate/model.h, ValueHeadView); 0
/// without a valued event.
double visitor_bias(const ValueHeadView& head, std::span<const HistoryItem> history);

/// The value of one item for a visitor with this bias and retrieval score.
float predicted_value(const ValueHeadView& head, double visitor_bias, ItemIndex item, float score);

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_VALUE_HEAD_H_
