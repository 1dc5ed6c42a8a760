// Categories counted over the catalogue.
#include "runtime/category_weights.h"

#include <algorithm>
#include <cassert>

#include "model/portable_math.h"

namespace palate::internal {

void weigh_categories(const AttributeView& attribute, std::size_t items, std::span<float> weights) {
  assert(weights.size() == attribute.categories.size());
  std::fill(weights.begin(), weights.end(), 0.0F);
  for (const std::uint32_t category : attribute.entries) ++weights[category];
  for (float& weight : weights) {
    weight =
        static_cast<float>(portable_log1p(static_cast<double>(items) / std::max(weight, 1.0F)));
  }
}

}  // namespace palate::internal
