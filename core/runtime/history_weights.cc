// The formula of the coefficients, in double precision: no finite weight of an event overflows it.
#include "runtime/history_weights.h"

#include <algorithm>

#include "model/portable_math.h"

namespace palate::internal {

Result<HistoryWeigher> HistoryWeigher::create(const HistoryWeightsView& parameters,
                                              const Model& model) {
  HistoryWeigher weigher(parameters);
  if (parameters.popularity_exponent == 0) return weigher;
  if (Status status = weigher.dampings_.reserve(model.item_count()); !status) {
    return status.error();
  }
  const double exponent = -double{parameters.popularity_exponent};
  for (std::size_t row = 0; row < model.item_count(); ++row) {
    const double popularity = std::max<std::uint32_t>(model.popularity(to_item(row)), 1);
    weigher.dampings_[row] = static_cast<float>(portable_pow(popularity, exponent));
  }
  return weigher;
}

Result<std::span<const double>> HistoryWeigher::weigh(std::span<const HistoryItem> history) {
  if (Status status = coefficients_.reserve(history.size()); !status) return status.error();
  const std::span<double> coefficients = coefficients_.first(history.size());
  double sum = 0;
  for (std::size_t j = 0; j < history.size(); ++j) {
    const HistoryItem& item = history[j];
    coefficients[j] = item.weight * recency(item.place) * damping(item.row);
    sum += std::abs(coefficients[j]);
  }
  if (sum > 0) {
    const double length = portable_pow(sum, double{parameters_.length_exponent});
    for (double& coefficient : coefficients) coefficient /= length;
  }
  return std::span<const double>(coefficients);
}

double HistoryWeigher::recency(std::size_t place) const {
  const std::span<const float> recency = parameters_.recency;
  return recency.empty() ? 1.0 : recency[std::min(place, recency.size() - 1)];
}

double HistoryWeigher::damping(std::uint32_t row) const {
  return parameters_.popularity_exponent == 0 ? 1.0 : dampings_[row];
}

}  // namespace palate::internal
