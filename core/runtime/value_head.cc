// The two formulas of the value head.
#include "runtime/value_head.h"

#include <algorithm>
#include <cmath>

namespace palate::internal {

double visitor_bias(const ValueHeadView& head, std::span<const HistoryItem> history) {
  double sum = 0;
  double count = 0;
  for (const HistoryItem& item : history) {
    if (std::isnan(item.value)) continue;
    sum += double{item.value} - head.mean - head.item_bias[item.row];
    ++count;
  }
  return sum / (head.visitor_damping + count);
}

float predicted_value(const ValueHeadView& head, double visitor_bias, ItemIndex item, float score) {
  const double value =
      double{head.mean} + head.item_bias[to_row(item)] + visitor_bias + double{head.slope} * score;
  return std::clamp(static_cast<float>(value), head.minimum, head.maximum);
}

}  // namespace palate::internal
