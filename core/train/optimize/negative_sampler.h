// Which items stand for all that were not taken.
#ifndef PALATE_TRAIN_OPTIMIZE_NEGATIVE_SAMPLER_H_
#define PALATE_TRAIN_OPTIMIZE_NEGATIVE_SAMPLER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "data/alias_table.h"
#include "palate/random.h"

namespace palate::internal {

/// Draws items with replacement, item i with probability q_i in proportion to
/// max(popularity_i, 1)^exponent: 0 is uniform, 1 what a batch's own targets would give.
class NegativeSampler {
 public:
  NegativeSampler(std::span<const std::uint32_t> popularity, float exponent);

  void draw(Random& random, std::span<std::uint32_t> items) const;

  /// ln(n q_i), n the number of items: how much more often than a uniform draw the item comes.
  /// Taken off an item's logit, it makes the sample stand for all items alike (Bengio, Senecal
  /// 2008; Yi et al. 2019, section 4.2).
  float log_excess(std::uint32_t item) const {
    return log_excess_.empty() ? 0.0F : log_excess_[item];
  }

 private:
  std::uint32_t items_;
  std::optional<AliasTable> table_;  ///< none: uniform
  std::vector<float> log_excess_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_OPTIMIZE_NEGATIVE_SAMPLER_H_
