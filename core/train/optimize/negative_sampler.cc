// Which items stand for all that were not taken.
#include "train/optimize/negative_sampler.h"

#include <algorithm>
#include <numeric>

#include "model/portable_math.h"

namespace palate::internal {

NegativeSampler::NegativeSampler(std::span<const std::uint32_t> popularity, float exponent)
    : items_(static_cast<std::uint32_t>(popularity.size())) {
  if (exponent == 0) return;
  std::vector<double> weights;
  weights.reserve(popularity.size());
  for (const std::uint32_t count : popularity) {
    weights.push_back(portable_exp(double{exponent} * portable_log(std::max(count, 1U))));
  }
  table_.emplace(weights);
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / items_;
  for (const double weight : weights) {
    log_excess_.push_back(static_cast<float>(portable_log(weight / mean)));
  }
}

void NegativeSampler::draw(Random& random, std::span<std::uint32_t> items) const {
  for (std::uint32_t& item : items) {
    item = table_ ? table_->draw(random) : static_cast<std::uint32_t>(random.below(items_));
  }
}

}  // namespace palate::internal
