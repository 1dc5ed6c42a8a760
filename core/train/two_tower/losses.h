// The losses of two-tower and their derivatives, one visit at a time.
#ifndef PALATE_TRAIN_TWO_TOWER_LOSSES_H_
#define PALATE_TRAIN_TWO_TOWER_LOSSES_H_

#include <limits>
#include <span>

#include "palate/recipe.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// A loss that has left the numbers.
inline constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

/// Replaces the scores of a visit by the derivatives of its loss, which is returned: the sum over
/// the targets t, with s the scores and n over the negatives, of
///   softmax       -ln(e^(s_t / T) / (e^(s_t / T) + sum_n e^(s_n / T + bias_n))), T the temperature
///                 (Bengio, Senecal 2008; Yi et al. 2019)
///   contrastive   1 - s_t + negative_weight / N * sum_n max(0, s_n - margin)   (Mao et al. 2021,
///                 equation 1; N: the negatives, those that do not count among them)
double visit_loss(const TwoTowerRecipe& recipe, std::span<const float> bias,
                  std::span<float> targets, std::span<float> negatives, const Kernels& kernels);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_TWO_TOWER_LOSSES_H_
