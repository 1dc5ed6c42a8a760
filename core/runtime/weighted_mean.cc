// Sums in double precision, rounded once.
#include "runtime/weighted_mean.h"

#include <algorithm>
#include <cassert>

#include "runtime/dot.h"
#include "runtime/finite.h"

namespace palate::internal {

Result<std::unique_ptr<UserEncoder>> WeightedMeanEncoder::create(const Model& model) {
  const WeightedMeanView& view = *model.weighted_mean();
  Result<HistoryWeigher> weigher = HistoryWeigher::create(view.weights, model);
  if (!weigher) return weigher.error();
  std::unique_ptr<WeightedMeanEncoder> encoder(
      new WeightedMeanEncoder(view.history_vectors, std::move(*weigher)));
  if (Status status = encoder->sum_.reserve(model.dimension()); !status) return status.error();
  return std::unique_ptr<UserEncoder>(std::move(encoder));
}

Status WeightedMeanEncoder::set_history(const MergedHistory& history) {
  const auto coefficients = weigher_.weigh(history.items);
  if (!coefficients) return coefficients.error();
  if (Status status = vectors_.read(history.items); !status) return status;
  history_ = history.items;
  coefficients_ = *coefficients;
  return Done{};
}

Status WeightedMeanEncoder::encode(std::span<float> user_vector) {
  assert(user_vector.size() == vectors_.dimension());
  const std::span<double> sum = sum_.first(user_vector.size());
  std::fill(sum.begin(), sum.end(), 0.0);
  for (std::size_t j = 0; j < history_.size(); ++j) {
    const std::span<const float> vector = vectors_[j];
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += coefficients_[j] * vector[k];
  }
  std::transform(sum.begin(), sum.end(), user_vector.begin(),
                 [](double x) { return static_cast<float>(x); });
  if (!all_finite(user_vector)) return not_finite("a user vector");
  return Done{};
}

Status WeightedMeanEncoder::contributions(std::span<const double> gradient,
                                          std::span<float> amounts) {
  assert(amounts.size() == history_.size());
  for (std::size_t j = 0; j < history_.size(); ++j) {
    amounts[j] = static_cast<float>(coefficients_[j] * wide_dot(vectors_[j].data(), gradient));
  }
  return Done{};
}

}  // namespace palate::internal
