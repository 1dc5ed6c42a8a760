// The gradient of an MLP's last layers against difference quotients in double precision, and steps.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "gradient_check.h"
#include "runtime/mlp_trainer.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_mlp_trainer_test {

using internal::MlpTrainer;

struct Batch {
  std::vector<DenseLayer> layers;
  std::vector<DenseLayerView> views;
  std::vector<Vector> rows;
  std::vector<float> signals;
};

Batch make_batch(const std::vector<std::uint32_t>& widths, std::size_t rows) {
  SampleNumbers numbers(widths.size() + rows);
  Batch batch;
  for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
    DenseLayer& layer = batch.layers.emplace_back();
    layer.inputs = widths[l];
    layer.outputs = widths[l + 1];
    layer.weights = numbers.many(std::size_t{widths[l]} * widths[l + 1], -0.5F, 0.5F);
    layer.bias = numbers.many(widths[l + 1], -0.2F, 0.2F);
  }
  for (const DenseLayer& layer : batch.layers) {
    DenseLayerView& view = batch.views.emplace_back();
    view.inputs = layer.inputs;
    view.outputs = layer.outputs;
    view.weights = layer.weights;
    view.bias = layer.bias;
  }
  for (std::size_t row = 0; row < rows; ++row) {
    const std::vector<float> row_numbers = numbers.many(widths.front(), -1, 1);
    batch.rows.emplace_back(row_numbers.begin(), row_numbers.end());
  }
  batch.signals = numbers.many(rows, -1, 1);
  return batch;
}

MlpTrainer make_trainer(const Batch& batch, std::size_t trained) {
  Result<MlpTrainer> trainer = MlpTrainer::create(batch.views, trained, batch.rows.size());
  REQUIRE(trainer.ok());
  for (std::size_t r = 0; r < batch.rows.size(); ++r) {
    std::copy(batch.rows[r].begin(), batch.rows[r].end(), trainer->input(r).begin());
  }
  return std::move(*trainer);
}

/// One layer after the other its weights, then its biases, from `first` on.
std::vector<double> parameters_of(std::span<const DenseLayerView> layers, std::size_t first) {
  std::vector<double> parameters;
  for (const DenseLayerView& layer : layers.subspan(first)) {
    parameters.insert(parameters.end(), layer.weights.begin(), layer.weights.end());
    parameters.insert(parameters.end(), layer.bias.begin(), layer.bias.end());
  }
  return parameters;
}

/// The network's output with other parameters from layer `first` on, in double precision.
double output_of(const Batch& batch, std::size_t first, std::span<const double> parameters,
                 Vector values) {
  const double* at = parameters.data();
  for (std::size_t l = 0; l < batch.layers.size(); ++l) {
    const DenseLayer& layer = batch.layers[l];
    const bool is_given = l < first;
    const double* weights = at;
    Vector next(layer.outputs);
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      double sum = is_given ? layer.bias[o] : weights[layer.weights.size() + o];
      for (std::size_t i = 0; i < layer.inputs; ++i) {
        const std::size_t w = o * layer.inputs + i;
        sum += (is_given ? double{layer.weights[w]} : weights[w]) * values[i];
      }
      next[o] = l + 1 < batch.layers.size() ? std::max(sum, 0.0) : sum;
    }
    if (!is_given) at += layer.weights.size() + layer.outputs;
    values = next;
  }
  return values[0];
}

TEST_CASE("The gradient of the trained layers is that of the network's outputs") {
  const std::vector<std::uint32_t> widths =
      GENERATE(std::vector<std::uint32_t>{5, 1}, std::vector<std::uint32_t>{7, 9, 1},
               std::vector<std::uint32_t>{20, 17, 6, 1}, std::vector<std::uint32_t>{3, 40, 33, 1});
  const std::size_t rows = GENERATE(1, 2, 7, 32);
  const std::size_t trained = GENERATE(1, 2, 3);
  if (trained >= widths.size()) return;
  CAPTURE(widths, rows, trained);
  const Batch batch = make_batch(widths, rows);
  MlpTrainer trainer = make_trainer(batch, trained);
  const std::size_t first = trainer.first_trained();
  std::vector<double> parameters = parameters_of(batch.views, first);

  const std::span<const float> outputs = trainer.forward(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    CHECK(outputs[r] == Catch::Approx(reference_mlp(batch.layers, batch.rows[r])).epsilon(1e-5));
  }
  const std::span<const float> gradient = trainer.backward(batch.signals);
  const std::vector<double> expected = difference_quotients(parameters, [&] {
    double loss = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      loss += batch.signals[r] * output_of(batch, first, parameters, batch.rows[r]);
    }
    return loss;
  });
  REQUIRE(gradient.size() == expected.size());
  double largest = 0;
  for (const double number : expected) largest = std::max(largest, std::abs(number));
  for (std::size_t p = 0; p < expected.size(); ++p) {
    CAPTURE(p);
    CHECK(gradient[p] == Catch::Approx(expected[p]).epsilon(1e-5).margin(1e-5 * largest));
  }
}

TEST_CASE("A step goes down the gradient by the rate, and no layer before moves") {
  const Batch batch = make_batch({6, 11, 5, 1}, 4);
  MlpTrainer trainer = make_trainer(batch, 2);
  trainer.forward(4);
  const std::span<const float> found = trainer.backward(batch.signals);
  const std::vector<float> gradient(found.begin(), found.end());
  trainer.step(0.5F);
  const std::vector<double> before = parameters_of(batch.views, 1);
  const std::vector<double> after = parameters_of(trainer.layers(), 1);
  for (std::size_t p = 0; p < before.size(); ++p) {
    CHECK(after[p] == Catch::Approx(before[p] - 0.5 * gradient[p]).epsilon(1e-6).margin(1e-7));
  }
  CHECK(trainer.layers()[0].weights.data() == batch.views[0].weights.data());
}

TEST_CASE("Parameters are drawn back by a share of the way, and go no further than they may") {
  const Batch batch = make_batch({6, 11, 1}, 4);
  const std::vector<double> start = parameters_of(batch.views, 0);
  const auto distance = [&](const MlpTrainer& trainer) {
    const std::vector<double> now = parameters_of(trainer.layers(), 0);
    return std::sqrt(std::transform_reduce(now.begin(), now.end(), start.begin(), 0.0,
                                           std::plus<>(),
                                           [](double a, double b) { return (a - b) * (a - b); }));
  };
  MlpTrainer trainer = make_trainer(batch, 2);
  trainer.forward(4);
  trainer.backward(batch.signals);
  trainer.step(0.01F);
  const double before = distance(trainer);
  trainer.restrain(0.25F, 1e9F);
  CHECK(distance(trainer) == Catch::Approx(0.75 * before).epsilon(1e-4));
  trainer.step(100);
  trainer.restrain(0, 0.3F);
  const double length =
      std::sqrt(std::inner_product(start.begin(), start.end(), start.begin(), 0.0));
  CHECK(distance(trainer) == Catch::Approx(0.3 * length).epsilon(1e-4));
}

}  // namespace runtime_mlp_trainer_test
}  // namespace palate::testing
