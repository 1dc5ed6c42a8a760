// The parts that trainers share: optimisers, schedules, negative samplers, early stopping.
#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "palate/random.h"
#include "train/instruction_set.h"
#include "train/optimize/early_stopping.h"
#include "train/optimize/negative_sampler.h"
#include "train/optimize/optimizer.h"
#include "train/optimize/schedule.h"

namespace palate::testing {
namespace train_optimize_test {

using Catch::Approx;
using internal::EarlyStopping;
using internal::learning_rate_at;
using internal::NegativeSampler;
using internal::Optimizer;

const internal::Kernels& kernels() { return *internal::choose_instruction_set()->kernels; }

/// One parameter that starts at 1, after steps with these gradients.
float moved(OptimizerKind kind, float weight_decay, const std::vector<float>& gradients) {
  Optimizer optimizer(kind, 1, weight_decay, kernels());
  std::vector<float> parameter = {1.0F};
  for (const float gradient : gradients) {
    optimizer.begin_step(0.1F);
    optimizer.move(0, std::array{gradient}, parameter);
  }
  return parameter[0];
}

TEST_CASE("Adam takes the steps of its paper") {
  // Kingma, Ba 2015, algorithm 1, by hand, with learning rate 0.1 and gradients 2, then -1.
  // t = 1: m = 0.2, v = 0.004; m^ = 2, v^ = 4; step 0.1 * 2 / 2 = 0.1.
  // t = 2: m = 0.18 - 0.1 = 0.08, v = 0.003996 + 0.001 = 0.004996;
  //        m^ = 0.08 / 0.19, v^ = 0.004996 / 0.001999; step 0.1 * 0.4210526 / 1.5808985.
  CHECK(moved(OptimizerKind::kAdam, 0, {2}) == Approx(0.9).epsilon(1e-5));
  CHECK(moved(OptimizerKind::kAdam, 0, {2, -1}) ==
        Approx(0.9 - 0.1 * 0.4210526 / 1.5808985).epsilon(1e-5));
}

TEST_CASE("Weight decay goes through Adam's moments and past AdamW's") {
  // Gradient 0, parameter 1, decay 0.5. Adam sees the gradient 0.5 and steps by its sign: 0.1.
  // AdamW sees no gradient, and takes 0.1 * 0.5 * 1 off.
  CHECK(moved(OptimizerKind::kAdam, 0.5F, {0}) == Approx(0.9).epsilon(1e-5));
  CHECK(moved(OptimizerKind::kAdamW, 0.5F, {0}) == Approx(0.95).epsilon(1e-5));
  // With gradient 2 AdamW adds the two: 1 - 0.1 * (2 / 2 + 0.5).
  CHECK(moved(OptimizerKind::kAdamW, 0.5F, {2}) == Approx(0.85).epsilon(1e-5));
}

TEST_CASE("Adagrad divides by the root of the sum of squares") {
  // 0.1 * 3 / 3, then 0.1 * 4 / 5.
  CHECK(moved(OptimizerKind::kAdagrad, 0, {3, 4}) == Approx(1 - 0.1 - 0.08).epsilon(1e-5));
  // With L2 0.5 the second gradient is 4 + 0.5 * 0.9 after a first of 3 + 0.5 * 1.
  const double second = 4 + 0.5 * 0.9;
  CHECK(moved(OptimizerKind::kAdagrad, 0.5F, {3, 4}) ==
        Approx(0.9 - 0.1 * second / std::hypot(3.5, second)).epsilon(1e-5));
}

TEST_CASE("Only the rows that a step touches move") {
  const auto kind = GENERATE(OptimizerKind::kAdam, OptimizerKind::kAdamW, OptimizerKind::kAdagrad);
  Optimizer optimizer(kind, 60, 0.1F, kernels());
  std::vector<float> table(60, 1.0F);
  for (int step = 0; step < 3; ++step) {
    optimizer.begin_step(0.1F);
    optimizer.move(20, std::vector<float>(20, 0.5F), table);
  }
  for (std::size_t k = 0; k < table.size(); ++k) {
    CHECK((table[k] == 1.0F) == (k < 20 || k >= 40));
  }
}

TEST_CASE("A learning rate rises, then stays or falls") {
  // 100 steps, of which 20 rise to 0.5; the other 80 fall from 0.5 to 0.
  const auto at = [](Schedule schedule, std::uint64_t step) {
    return learning_rate_at(schedule, 0.5F, 0.2F, step, 100);
  };
  for (const Schedule schedule : {Schedule::kConstant, Schedule::kLinear, Schedule::kCosine}) {
    CHECK(at(schedule, 0) == Approx(0.5 / 20));
    CHECK(at(schedule, 19) == Approx(0.5));
    CHECK(at(schedule, 20) == Approx(0.5));
  }
  CHECK(at(Schedule::kConstant, 99) == 0.5F);
  CHECK(at(Schedule::kLinear, 60) == Approx(0.25));
  CHECK(at(Schedule::kLinear, 99) == Approx(0.5 / 80));
  for (std::uint64_t step = 20; step < 100; ++step) {
    const double turn = std::numbers::pi * static_cast<double>(step - 20) / 80;
    CHECK(at(Schedule::kCosine, step) == Approx(0.25 * (1 + std::cos(turn))).margin(1e-7));
  }
}

TEST_CASE("Negatives come in proportion to the power of their popularity") {
  const std::vector<std::uint32_t> popularity = {1000, 100, 10, 1, 0};
  const auto exponent = GENERATE(0.0F, 0.5F, 1.0F);
  const NegativeSampler sampler(popularity, exponent);
  constexpr std::size_t kDraws = 200'000;
  std::vector<std::uint32_t> drawn(kDraws);
  Random random(5);
  sampler.draw(random, drawn);
  std::vector<double> weights;
  double sum = 0;
  for (const std::uint32_t count : popularity) {
    weights.push_back(std::pow(count == 0 ? 1.0 : count, exponent));
    sum += weights.back();
  }
  for (std::uint32_t item = 0; item < popularity.size(); ++item) {
    const double share = weights[item] / sum;
    const auto count = static_cast<double>(std::count(drawn.begin(), drawn.end(), item));
    // Five standard deviations of a binomial count.
    CHECK(count == Approx(share * kDraws).margin(5 * std::sqrt(share * (1 - share) * kDraws)));
    CHECK(sampler.log_excess(item) == Approx(std::log(5 * share)).margin(1e-5));
  }
}

TEST_CASE("The popularity correction makes a sample stand for all items alike") {
  // The mean of f over a sample, each item weighed by e^-log_excess, is the mean of f over all.
  const std::vector<std::uint32_t> popularity = {500, 200, 50, 20, 5, 1};
  const NegativeSampler sampler(popularity, 0.8F);
  std::vector<std::uint32_t> drawn(400'000);
  Random random(6);
  sampler.draw(random, drawn);
  double plain = 0;
  double corrected = 0;
  for (const std::uint32_t item : drawn) {
    plain += item;
    corrected += item * std::exp(-sampler.log_excess(item));
  }
  const auto count = static_cast<double>(drawn.size());
  CHECK(corrected / count == Approx(2.5).epsilon(0.03));
  CHECK(plain / count < 1.0);
}

TEST_CASE("Training stops when its patience ends without a better epoch") {
  EarlyStopping stopping(2, 0.5);
  CHECK_FALSE(stopping.is_best(0.4));
  CHECK(stopping.is_best(0.6));
  CHECK_FALSE(stopping.is_best(0.6));
  CHECK_FALSE(stopping.stop());
  CHECK_FALSE(stopping.is_best(std::numeric_limits<double>::quiet_NaN()));
  CHECK(stopping.stop());
  CHECK(stopping.best() == 0.6);
}

}  // namespace train_optimize_test
}  // namespace palate::testing
