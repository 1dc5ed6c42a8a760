// Rows of item weights as they are trained, and the sparse form that the model file keeps.
#include "train/weight_rows.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace palate::internal {
namespace {

constexpr std::size_t kMaxWeights = (1U << 28) - 1;  // each takes 8 bytes of a file below 2 GiB

}  // namespace

void prune(WeightRow& row, std::size_t count) {
  std::erase_if(row, [](const ItemWeight& weight) { return weight.value == 0; });
  if (count < row.size()) {
    const auto cut = row.begin() + static_cast<std::ptrdiff_t>(count);
    std::nth_element(row.begin(), cut, row.end(), [](const ItemWeight& a, const ItemWeight& b) {
      const float x = std::abs(a.value);
      const float y = std::abs(b.value);
      return x > y || (x == y && a.column < b.column);
    });
    row.erase(cut, row.end());
  }
  std::sort(row.begin(), row.end(),
            [](const ItemWeight& a, const ItemWeight& b) { return a.column < b.column; });
  row.shrink_to_fit();
}

Result<ItemWeights> to_item_weights(std::span<const WeightRow> rows) {
  std::size_t size = 0;
  for (const WeightRow& row : rows) size += row.size();
  if (size > kMaxWeights) {
    return Error{ErrorCode::kRecipeInvalid,
                 std::to_string(size) + " item weights are more than a model file holds (" +
                     std::to_string(kMaxWeights) + "); keep fewer neighbours"};
  }
  ItemWeights weights;
  weights.offsets.reserve(rows.size() + 1);
  weights.offsets.push_back(0);
  weights.columns.reserve(size);
  weights.values.reserve(size);
  for (const WeightRow& row : rows) {
    for (const ItemWeight& weight : row) {
      weights.columns.push_back(weight.column);
      weights.values.push_back(weight.value);
    }
    weights.offsets.push_back(static_cast<std::uint32_t>(weights.columns.size()));
  }
  return weights;
}

}  // namespace palate::internal
