// What a tabular model takes a cell for.
#include <algorithm>
#include <cmath>

#include "model/portable_math.h"
#include "palate/model.h"

namespace palate {

float scaled(const NumberScale& scale, float x) {
  if (std::isnan(x)) return 0;
  x = std::clamp(x, scale.minimum, scale.maximum);
  if (scale.logarithmic)
    x = static_cast<float>(std::copysign(internal::portable_log1p(std::abs(x)), x));
  return (x - scale.mean) * scale.scale;
}

std::uint32_t TabularColumnView::row_of(std::string_view category) const {
  std::uint32_t first = 0;
  std::uint32_t last = other_row();
  while (first < last) {
    const std::uint32_t middle = first + (last - first) / 2;
    if (categories[middle] < category) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first < other_row() && categories[first] == category ? first : other_row();
}

}  // namespace palate
