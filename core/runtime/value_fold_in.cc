// The user vector of a history of values, and what each item adds to it.
#include "runtime/value_fold_in.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "model/portable_math.h"
#include "runtime/dot.h"

namespace palate::internal {

Result<std::unique_ptr<UserEncoder>> ValueFoldInEncoder::create(const Model& model) {
  Result<FoldInSystem> system = FoldInSystem::create(model.item_vectors(), {}, 0);
  if (!system) return system.error();
  std::unique_ptr<ValueFoldInEncoder> encoder(new ValueFoldInEncoder(model, std::move(*system)));
  if (Status status = encoder->right_side_.reserve(model.dimension()); !status) {
    return status.error();
  }
  if (Status status = encoder->solution_.reserve(model.dimension()); !status) return status.error();
  if (Status status = encoder->set_history({}); !status) return status.error();
  return std::unique_ptr<UserEncoder>(std::move(encoder));
}

Status ValueFoldInEncoder::set_history(const MergedHistory& merged) {
  const std::span<const HistoryItem> history = merged.items;
  if (Status status = valued_.reserve(history.size()); !status) return status;
  if (has_prior()) {
    if (Status status = implicit_.read(history); !status) return status;
  }
  history_ = history;
  const auto* end = std::copy_if(history.begin(), history.end(), valued_.data(),
                                 [](const HistoryItem& item) { return !std::isnan(item.value); });
  const auto valued = static_cast<std::size_t>(end - valued_.data());
  const double ridge = parameters_.regularization *
                       portable_pow(static_cast<double>(std::max<std::size_t>(valued, 1)),
                                    double{parameters_.exponent});
  prior_weight_ = ridge / std::sqrt(static_cast<double>(std::max<std::size_t>(history.size(), 1)));
  return system_.set(valued_.first(valued), ridge);
}

// What the baseline leaves of a value, times the event's weight.
double ValueFoldInEncoder::rest(const HistoryItem& item) const {
  return std::abs(item.weight) *
         (double{item.value} - baseline_.mean - baseline_.item_bias[item.row]);
}

Status ValueFoldInEncoder::encode(std::span<float> user_vector) {
  const std::span<double> sum = right_side_.first(system_.dimension());
  std::fill(sum.begin(), sum.end(), 0.0);
  std::size_t valued = 0;
  for (std::size_t j = 0; j < history_.size(); ++j) {
    if (!std::isnan(history_[j].value)) {
      const std::span<const float> vector = system_.vector(valued++);
      const double scale = rest(history_[j]);
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += scale * vector[k];
    }
    if (!has_prior()) continue;
    const std::span<const float> implicit = implicit_[j];
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += prior_weight_ * implicit[k];
  }
  return system_.solve(sum, user_vector);
}

Status ValueFoldInEncoder::contributions(std::span<const double> gradient,
                                         std::span<float> amounts) {
  assert(amounts.size() == history_.size());
  const std::span<float> solution = solution_.first(system_.dimension());
  if (Status status = system_.solve(gradient, solution); !status) return status;
  std::size_t valued = 0;
  for (std::size_t j = 0; j < history_.size(); ++j) {
    double amount = 0;
    if (!std::isnan(history_[j].value)) {
      amount = rest(history_[j]) * dot(system_.vector(valued++).data(), solution);
    }
    if (has_prior()) amount += prior_weight_ * dot(implicit_[j].data(), solution);
    amounts[j] = static_cast<float>(amount);
  }
  return Done{};
}

}  // namespace palate::internal
