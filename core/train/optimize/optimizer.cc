// The optimisers: Adam, AdamW and Adagrad, for dense parameters and for rows of a table alike.
#include "train/optimize/optimizer.h"

#include <cassert>

namespace palate::internal {
namespace {

constexpr float kBeta1 = 0.9F;
constexpr float kBeta2 = 0.999F;
constexpr float kEpsilon = 1e-8F;

}  // namespace

Optimizer::Optimizer(OptimizerKind kind, std::size_t parameters, float weight_decay,
                     const Kernels& kernels)
    : kind_(kind),
      kernels_(kernels),
      first_moment_(kind == OptimizerKind::kAdagrad ? 0 : parameters),
      second_moment_(parameters) {
  step_.beta1 = kBeta1;
  step_.beta2 = kBeta2;
  step_.epsilon = kEpsilon;
  (kind == OptimizerKind::kAdamW ? step_.decay : step_.l2) = weight_decay;
}

void Optimizer::begin_step(float learning_rate) {
  beta1_power_ *= kBeta1;
  beta2_power_ *= kBeta2;
  step_.learning_rate = learning_rate;
  step_.first_scale = static_cast<float>(1 / (1 - beta1_power_));
  step_.second_scale = static_cast<float>(1 / (1 - beta2_power_));
}

void Optimizer::move(std::size_t first, std::span<const float> gradient,
                     std::span<float> parameters) {
  assert(parameters.size() == second_moment_.size());
  assert(first + gradient.size() <= parameters.size());
  float* moved = parameters.data() + first;
  float* second_moment = second_moment_.data() + first;
  if (kind_ == OptimizerKind::kAdagrad) {
    kernels_.adagrad(step_, gradient.data(), gradient.size(), second_moment, moved);
  } else {
    kernels_.adam(step_, gradient.data(), gradient.size(), first_moment_.data() + first,
                  second_moment, moved);
  }
}

}  // namespace palate::internal
