// Attributes to columns, columns to outputs.
#include "new_items/content_row.h"

#include <cmath>

namespace palate::internal {

ContentColumns::ContentColumns(std::span<const std::uint32_t> columns, std::span<const float> means,
                               std::span<const float> scales)
    : first_{0}, means_(means), scales_(scales) {
  for (const std::uint32_t count : columns) first_.push_back(first_.back() + count);
}

void ContentColumns::add_number(std::size_t attribute, float number, ContentRow& row) const {
  if (std::isnan(number)) return;
  const double x = (double{number} - means_[attribute]) * scales_[attribute];
  row.push_back({first_[attribute], x});
}

void ContentColumns::add_category(std::size_t attribute, std::uint32_t category,
                                  ContentRow& row) const {
  if (category >= first_[attribute + 1] - first_[attribute]) return;
  row.push_back({first_[attribute] + category, 1});
}

std::vector<float> mapped_row(const ContentMapView& map, std::span<const ContentEntry> row) {
  const std::size_t outputs = map.base.size();
  std::vector<double> sums(map.base.begin(), map.base.end());
  for (const auto& [column, x] : row) {
    const float* slopes = map.coefficients.data() + column * outputs;
    for (std::size_t k = 0; k < outputs; ++k) sums[k] += x * slopes[k];
  }
  return {sums.begin(), sums.end()};
}

}  // namespace palate::internal
