// The ranker's network: logits and derivatives.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/random.h"
#include "train/instruction_set.h"
#include "train/ranker/mlp.h"

namespace palate::testing {
namespace train_network_test {

using internal::Mlp;

constexpr std::size_t kInputs = 5;
constexpr std::size_t kRows = 7;
const std::vector<std::uint32_t> kHidden = {6, 4};

const internal::Kernels& kernels() { return *internal::choose_instruction_set()->kernels; }

std::vector<float> random_numbers(std::size_t count, Random& random) {
  std::vector<float> numbers(count);
  for (float& x : numbers) x = static_cast<float>(random.normal());
  return numbers;
}

/// The network by its definition, in double.
double logit_of(const Mlp& mlp, std::vector<double> x) {
  for (const Mlp::Layer& layer : mlp.layers()) {
    std::vector<double> y(layer.outputs);
    for (std::size_t r = 0; r < layer.outputs; ++r) {
      y[r] = mlp.parameters()[layer.bias() + r];
      for (std::size_t c = 0; c < layer.inputs; ++c) {
        y[r] += mlp.parameters()[layer.first + r * layer.inputs + c] * x[c];
      }
      if (&layer != &mlp.layers().back()) y[r] = std::max(y[r], 0.0);
    }
    x = y;
  }
  return x.front();
}

/// Sum over the rows of label_k * logit_k: a loss whose derivative by the logits is the labels.
double loss_of(const Mlp& mlp, std::span<const float> batch, std::span<const float> labels) {
  double sum = 0;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const auto x = batch.subspan(row * mlp.inputs(), mlp.inputs());
    sum += labels[row] * logit_of(mlp, {x.begin(), x.end()});
  }
  return sum;
}

TEST_CASE("The network's logits are those of its definition") {
  Random random(1);
  Mlp mlp(kInputs, kHidden, kernels());
  mlp.parameters() = random_numbers(mlp.parameters().size(), random);
  const std::vector<float> batch = random_numbers(kRows * kInputs, random);
  Mlp::Workspace workspace;
  const std::span<const float> logits = mlp.forward(batch.data(), kRows, 0, random, workspace);
  REQUIRE(logits.size() == kRows);
  for (std::size_t row = 0; row < kRows; ++row) {
    const float* x = &batch[row * kInputs];
    CHECK(logits[row] == Catch::Approx(logit_of(mlp, {x, x + kInputs})).margin(1e-4));
  }
}

TEST_CASE("The network's gradient is the difference quotient of its loss") {
  Random random(2);
  Mlp mlp(kInputs, kHidden, kernels());
  mlp.parameters() = random_numbers(mlp.parameters().size(), random);
  const std::vector<float> batch = random_numbers(kRows * kInputs, random);
  const std::vector<float> labels = random_numbers(kRows, random);
  Mlp::Workspace workspace;
  mlp.forward(batch.data(), kRows, 0, random, workspace);
  std::vector<float> gradient(mlp.parameters().size(), 0.0F);
  mlp.backward(batch.data(), kRows, labels, workspace, gradient);
  for (std::size_t k = 0; k < gradient.size(); ++k) {
    constexpr float kStep = 0x1p-14F;  // small, so that hardly a unit changes sides on the way
    const float before = mlp.parameters()[k];
    mlp.parameters()[k] = before + kStep;
    const double above = loss_of(mlp, batch, labels);
    mlp.parameters()[k] = before - kStep;
    const double below = loss_of(mlp, batch, labels);
    mlp.parameters()[k] = before;
    CHECK(gradient[k] == Catch::Approx((above - below) / (2 * kStep)).epsilon(0.02).margin(0.01));
  }
}

TEST_CASE("With dropout the gradient is still that of the logits that came out") {
  // The logit is linear along one output weight, so a step of one there shows the derivative.
  Random random(3);
  Mlp mlp(kInputs, kHidden, kernels());
  mlp.parameters() = random_numbers(mlp.parameters().size(), random);
  const std::vector<float> batch = random_numbers(kRows * kInputs, random);
  const std::vector<float> ones(kRows, 1.0F);
  const auto summed_logits = [&](Mlp::Workspace& workspace) {
    Random same_units(4);
    double sum = 0;
    for (const float x : mlp.forward(batch.data(), kRows, 0.5F, same_units, workspace)) sum += x;
    return sum;
  };
  Mlp::Workspace workspace;
  const double before = summed_logits(workspace);
  std::vector<float> gradient(mlp.parameters().size(), 0.0F);
  mlp.backward(batch.data(), kRows, ones, workspace, gradient);
  for (const Mlp::Layer& layer : mlp.layers()) {
    for (std::size_t k = layer.first; k < layer.bias(); ++k) {
      constexpr float kStep = 1e-3F;
      mlp.parameters()[k] += kStep;
      const double quotient = (summed_logits(workspace) - before) / kStep;
      mlp.parameters()[k] -= kStep;
      CHECK(gradient[k] == Catch::Approx(quotient).epsilon(0.03).margin(0.03));
    }
  }
}

TEST_CASE("Dropout silences its share of the units and keeps their mean") {
  Random random(5);
  Mlp mlp(1, std::vector<std::uint32_t>{1002}, kernels());
  const Mlp::Layer first = mlp.layers()[0];
  std::fill_n(mlp.parameters().begin() + static_cast<std::ptrdiff_t>(first.bias()), 1002, 1.0F);
  const float zero = 0;
  Mlp::Workspace workspace;
  mlp.forward(&zero, 1, 0.25F, random, workspace);
  std::size_t silent = 0;
  for (const float x : workspace.outputs[0]) {
    if (x == 0) ++silent;
    CHECK((x == 0 || x == 1.0F || x == Catch::Approx(1 / 0.75)));
  }
  // 250 expected; five standard deviations are 68.
  CHECK(silent > 182);
  CHECK(silent < 318);
}

TEST_CASE("The network starts as a sum of hinges on one input") {
  const std::vector<Mlp::Hinge> hinges = {{1.0F, -1.0F, 2.0F}, {-3.0F, 0.5F, -0.5F}};
  const auto hidden = GENERATE(std::vector<std::uint32_t>{2}, std::vector<std::uint32_t>{6, 4},
                               std::vector<std::uint32_t>{3, 2, 5});
  Random random(6);
  Mlp mlp(kInputs, hidden, kernels());
  mlp.start_from_hinges(3, hinges, -1.0F, random);
  const std::vector<float> batch = random_numbers(kRows * kInputs, random);
  Mlp::Workspace workspace;
  const std::span<const float> logits = mlp.forward(batch.data(), kRows, 0, random, workspace);
  for (std::size_t row = 0; row < kRows; ++row) {
    const float x = batch[row * kInputs + 3];
    const float expected =
        -1.0F + 2.0F * std::max(0.0F, x - 1) - 0.5F * std::max(0.0F, 0.5F - 3 * x);
    CHECK(logits[row] == Catch::Approx(expected).margin(1e-5));
  }
}

}  // namespace train_network_test
}  // namespace palate::testing
