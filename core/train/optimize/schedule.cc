// How the learning rate goes up and down in the course of a training.
#include "train/optimize/schedule.h"

#include <algorithm>
#include <numbers>

namespace palate::internal {
namespace {

/// cos(pi x) for x in [0, 1] to 1e-9, by its series around 1 / 2: the same on every machine.
double cosine_of_half_turn(double x) {
  const double angle = std::numbers::pi * (0.5 - x);
  double term = angle;
  double sum = 0;
  for (int n = 1; n <= 15; n += 2) {
    sum += term;
    term *= -angle * angle / ((n + 1) * (n + 2));
  }
  return sum;
}

}  // namespace

float learning_rate_at(Schedule schedule, float peak, float warm_up, std::uint64_t step,
                       std::uint64_t steps) {
  const auto rising =
      static_cast<std::uint64_t>(static_cast<double>(warm_up) * static_cast<double>(steps));
  if (step < rising) {
    return peak * static_cast<float>(static_cast<double>(step + 1) / static_cast<double>(rising));
  }
  const double done = static_cast<double>(step - rising) /
                      static_cast<double>(std::max<std::uint64_t>(steps - rising, 1));
  switch (schedule) {
    case Schedule::kConstant:
      return peak;
    case Schedule::kLinear:
      return peak * static_cast<float>(1 - done);
    case Schedule::kCosine:
      return peak * static_cast<float>((1 + cosine_of_half_turn(done)) / 2);
  }
  return peak;
}

}  // namespace palate::internal
