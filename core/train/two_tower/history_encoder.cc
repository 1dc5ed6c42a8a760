// From a history to a user vector: the weighted mean of item vectors, and its derivatives.
#include "train/two_tower/history_encoder.h"

#include <algorithm>
#include <bit>

#include "model/portable_math.h"

namespace palate::internal {
namespace {

/// Places that have a weight; those beyond share the last one.
constexpr std::size_t kPlaces = 256;

/// Place 0, 1, 2, 3 each have a bucket, then every octave has two.
std::size_t bucket_of(std::size_t place) {
  place = std::min(place, kPlaces - 1);
  if (place < 4) return place;
  const auto octave = static_cast<std::size_t>(std::bit_width(place)) - 1;
  return 2 * octave + (place >> (octave - 1) & 1);
}

float power(double base, double exponent) {
  return static_cast<float>(portable_exp(exponent * portable_log(base)));
}

/// Keeps weights between e^-20 and e^20 whatever the learning rate.
constexpr float kMaxLogRecency = 20;

}  // namespace

HistoryEncoder::HistoryEncoder(std::span<const std::uint32_t> popularity,
                               const TwoTowerRecipe& recipe, bool ordered, const Kernels& kernels)
    : popularity_damping_(recipe.popularity_damping),
      length_exponent_(recipe.length_exponent),
      log_recency_(ordered ? bucket_of(kPlaces) + 1 : 0, 0.0F),
      recency_(log_recency_.size(), 1.0F),
      optimizer_(OptimizerKind::kAdam, log_recency_.size(), 0, kernels) {
  popularity_factor_.reserve(popularity.size());
  for (const std::uint32_t count : popularity) {
    popularity_factor_.push_back(power(std::max(count, 1U), -popularity_damping_));
  }
}

void HistoryEncoder::weigh(WeighedHistory& history) const {
  const std::size_t count = history.items.size();
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k) {
    float& weight = history.weights[k];
    weight *= popularity_factor_[history.items[k]];
    if (!recency_.empty()) weight *= recency_[bucket_of(count - 1 - k)];
    sum += weight;
  }
  history.sum = static_cast<float>(sum);
  history.length = power(sum, length_exponent_);
  for (float& weight : history.weights) weight /= history.length;
}

void HistoryEncoder::add_recency_gradient(const WeighedHistory& history,
                                          std::span<const float> vectors,
                                          std::span<const float> user,
                                          std::span<const float> by_user, const Kernels& kernels,
                                          std::span<double> gradient) const {
  const std::size_t dimension = user.size();
  const auto dot = [&](const float* vector) {
    return kernels.dot(by_user.data(), vector, dimension);
  };
  // d user / d ln a_j = (a_j / length) h_j - length_exponent * (a_j / sum) user
  const float mean_part = length_exponent_ * history.length / history.sum * dot(user.data());
  const std::size_t count = history.items.size();
  for (std::size_t k = 0; k < count; ++k) {
    const float own = dot(&vectors[history.items[k] * dimension]);
    gradient[bucket_of(count - 1 - k)] += double{history.weights[k]} * (own - mean_part);
  }
}

void HistoryEncoder::step(std::span<const double> gradient, float learning_rate) {
  const std::vector<float> single(gradient.begin(), gradient.end());
  optimizer_.begin_step(learning_rate);
  optimizer_.move(0, single, log_recency_);
  for (float& x : log_recency_) x = std::clamp(x, -kMaxLogRecency, kMaxLogRecency);
  take_over();
}

StateParts HistoryEncoder::state() {
  StateParts parts = optimizer_.state();
  parts.emplace_back("recency", log_recency_);
  return parts;
}

void HistoryEncoder::take_over() {
  for (std::size_t bucket = 0; bucket < recency_.size(); ++bucket) {
    recency_[bucket] = static_cast<float>(portable_exp(log_recency_[bucket]));
  }
}

HistoryWeights HistoryEncoder::exported() const {
  HistoryWeights weights;
  weights.popularity_exponent = popularity_damping_;
  weights.length_exponent = length_exponent_;
  for (std::size_t place = 0; !recency_.empty() && place < kPlaces; ++place) {
    weights.recency.push_back(recency_[bucket_of(place)]);
  }
  return weights;
}

void HistoryEncoder::start_from(const HistoryWeightsView& weights) {
  if (weights.recency.empty()) return;
  const double least = portable_exp(-kMaxLogRecency);
  for (std::size_t place = 0; !recency_.empty() && place < kPlaces; ++place) {
    const double recency = weights.recency[std::min(place, weights.recency.size() - 1)];
    log_recency_[bucket_of(place)] = static_cast<float>(portable_log(std::max(recency, least)));
  }
}

}  // namespace palate::internal
