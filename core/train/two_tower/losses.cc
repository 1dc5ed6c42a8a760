// The losses of two-tower and their derivatives, one visit at a time.
#include "train/two_tower/losses.h"

#include <algorithm>
#include <cmath>

#include "model/portable_math.h"

namespace palate::internal {
namespace {

/// Beyond it e^x is nothing beside 1.
constexpr double kNothing = -80;

double softmax_loss(float temperature, std::span<const float> bias, std::span<float> targets,
                    std::span<float> negatives, const Kernels& kernels) {
  const float scale = 1 / temperature;
  float shift = scale * *std::max_element(targets.begin(), targets.end());
  const double others =
      kernels.exponentiate(bias.data(), negatives.size(), scale, negatives.data(), &shift);
  if (!std::isfinite(shift) || !std::isfinite(others)) return kNoNumber;
  double loss = 0;
  double by_others = 0;
  for (float& target : targets) {
    // Rounded as the shift was, so that it is no more than 0.
    const double logit = double{scale * target} - shift;
    const double own = portable_exp(std::max(logit, kNothing));
    loss += portable_log(own + others) - logit;
    by_others += 1 / (own + others);
    target = static_cast<float>(-scale * others / (own + others));
  }
  const auto factor = static_cast<float>(scale * by_others);
  for (float& negative : negatives) negative *= factor;
  return loss;
}

double contrastive_loss(float margin, float negative_weight, std::span<float> targets,
                        std::span<float> negatives) {
  double loss = 0;
  for (float& target : targets) {
    loss += 1 - double{target};
    target = -1;
  }
  const float weight =
      negative_weight * static_cast<float>(targets.size()) / static_cast<float>(negatives.size());
  for (float& negative : negatives) {
    const float above = negative - margin;
    if (above > 0) loss += double{weight} * above;
    negative = above > 0 ? weight : 0.0F;
  }
  return loss;
}

}  // namespace

double visit_loss(const TwoTowerRecipe& recipe, std::span<const float> bias,
                  std::span<float> targets, std::span<float> negatives, const Kernels& kernels) {
  if (recipe.loss == Loss::kContrastive) {
    return contrastive_loss(recipe.margin, recipe.negative_weight, targets, negatives);
  }
  return softmax_loss(recipe.temperature, bias, targets, negatives, kernels);
}

}  // namespace palate::internal
