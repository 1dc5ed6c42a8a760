// Adam, the optimiser.
#include "train/adam.h"

#include <cassert>
#include <cmath>

namespace palate::internal {
namespace {

constexpr float kBeta1 = 0.9F;
constexpr float kBeta2 = 0.999F;
constexpr float kEpsilon = 1e-8F;

}  // namespace

Adam::Adam(std::size_t parameters, float learning_rate)
    : learning_rate_(learning_rate), first_moment_(parameters), second_moment_(parameters) {}

void Adam::step(std::span<const float> gradient, std::span<float> parameters) {
  assert(gradient.size() == first_moment_.size() && parameters.size() == first_moment_.size());
  beta1_power_ *= kBeta1;
  beta2_power_ *= kBeta2;
  const auto first_scale = static_cast<float>(1 / (1 - beta1_power_));
  const auto second_scale = static_cast<float>(1 / (1 - beta2_power_));
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    const float g = gradient[k];
    first_moment_[k] = kBeta1 * first_moment_[k] + (1 - kBeta1) * g;
    second_moment_[k] = kBeta2 * second_moment_[k] + (1 - kBeta2) * g * g;
    parameters[k] -= learning_rate_ * (first_moment_[k] * first_scale) /
                     (std::sqrt(second_moment_[k] * second_scale) + kEpsilon);
  }
}

}  // namespace palate::internal
