// Scores of rows: the network, the linear head, and what each column adds to them.
#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <vector>

#include "golden_models.h"
#include "palate/scorer.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_scorer_test {

/// Cells of a few rows: numbers, missing ones, several categories, unknown and missing ones.
struct Rows {
  std::vector<float> price = {12.5F, kNoValue, 0, 1e9F, -3};
  std::vector<float> hour = {0, 23, kNoValue, 11.5F, 7};
  std::vector<std::uint32_t> offsets = {0, 1, 2, 3, 5, 6};
  std::vector<std::uint32_t> entries = {1, 3, 4, 0, 2, 2};

  std::array<CellsView, 3> cells() const {
    return {CellsView{price, {}, {}}, CellsView{hour, {}, {}}, CellsView{{}, offsets, entries}};
  }
  std::size_t size() const { return price.size(); }
};

/// The network's inputs of a row, by their definition.
std::vector<double> inputs_of(const Tabular& tabular, const Rows& rows, std::size_t row) {
  const auto z = [](const NumberScale& scale, double x) {
    x = std::clamp<double>(x, scale.minimum, scale.maximum);
    const double f = scale.logarithmic ? std::copysign(std::log1p(std::abs(x)), x) : x;
    return (f - scale.mean) * scale.scale;
  };
  std::vector<double> inputs(5, 0.0);
  const bool priced = !std::isnan(rows.price[row]);
  inputs[0] = priced ? z(tabular.columns[0].scale, rows.price[row]) : 0;
  inputs[1] = priced ? 0 : 1;
  inputs[2] = std::isnan(rows.hour[row]) ? 0 : z(tabular.columns[1].scale, rows.hour[row]);
  for (std::uint32_t k = rows.offsets[row]; k < rows.offsets[row + 1]; ++k) {
    inputs[3] += tabular.columns[2].vectors[2 * rows.entries[k]];
    inputs[4] += tabular.columns[2].vectors[2 * rows.entries[k] + 1];
  }
  return inputs;
}

double network_of(const Tabular& tabular, std::vector<double> x) {
  for (const DenseLayer& layer : tabular.layers) {
    std::vector<double> y(layer.outputs);
    for (std::size_t r = 0; r < layer.outputs; ++r) {
      y[r] = layer.bias[r];
      for (std::size_t c = 0; c < layer.inputs; ++c) {
        y[r] += double{layer.weights[r * layer.inputs + c]} * x[c];
      }
      if (&layer != &tabular.layers.back()) y[r] = std::max(y[r], 0.0);
    }
    x = y;
  }
  return x.front();
}

double linear_of(const Tabular& tabular, const Rows& rows, std::size_t row) {
  const std::vector<double> x = inputs_of(tabular, rows, row);
  double sum = tabular.bias + tabular.columns[0].weights[0] * x[0] +
               tabular.columns[0].weights[1] * x[1] + tabular.columns[1].weights[0] * x[2];
  for (std::uint32_t k = rows.offsets[row]; k < rows.offsets[row + 1]; ++k) {
    sum += tabular.columns[2].weights[rows.entries[k]];
  }
  return sum;
}

TEST_CASE("The scorer computes the network and the linear head by their definitions") {
  const ModelContents contents = golden::tabular_model();
  const OpenedModel model(contents);
  Result<Scorer> scorer = Scorer::create(*model);
  REQUIRE(scorer.ok());
  const Rows rows;
  const auto cells = rows.cells();
  std::vector<float> sums(rows.size());
  std::vector<float> linear(rows.size());
  REQUIRE(scorer->score(cells, 0, sums, linear).ok());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const double network = network_of(*contents.tabular, inputs_of(*contents.tabular, rows, row));
    CHECK(sums[row] == Catch::Approx(network).margin(1e-5));
    CHECK(linear[row] == Catch::Approx(linear_of(*contents.tabular, rows, row)).margin(1e-5));
    CHECK(scorer->score_of(sums[row]) == Catch::Approx(1 / (1 + std::exp(-network))));
  }
  std::vector<float> later(2);
  std::vector<float> later_linear(2);
  REQUIRE(scorer->score(cells, 3, later, later_linear).ok());
  CHECK((later[0] == sums[3] && later_linear[1] == linear[4]));
}

TEST_CASE("The scorer's reasons sum to the scores, from the average row on") {
  const ModelContents contents = golden::tabular_model();
  const OpenedModel model(contents);
  Result<Scorer> scorer = Scorer::create(*model);
  REQUIRE(scorer.ok());
  const Rows rows;
  const auto cells = rows.cells();
  const std::vector<double> average(contents.tabular->average.begin(),
                                    contents.tabular->average.end());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const Result<ScoreExplanation> why = scorer->explain(cells, row);
    REQUIRE(why.ok());
    CHECK(why->base == Catch::Approx(network_of(*contents.tabular, average)).margin(1e-5));
    CHECK(why->linear_base == contents.tabular->bias);
    REQUIRE(why->contributions.size() == 3);
    double sum = why->base + why->remainder;
    double linear = why->linear_base;
    for (const FeatureContribution& one : why->contributions) {
      sum += one.amount;
      linear += one.linear;
    }
    CHECK(sum == Catch::Approx(why->sum).margin(1e-5));
    CHECK(linear == Catch::Approx(why->linear_sum).margin(1e-5));
    CHECK(std::abs(why->remainder) < 1e-4F);
  }
}

TEST_CASE("Without hidden layers each column's reason is its own term") {
  ModelContents contents = golden::tabular_model();
  contents.tabular->layers = {{5, 1, {1, 2, 3, 4, 5}, {0.5F}}};
  const OpenedModel model(contents);
  Result<Scorer> scorer = Scorer::create(*model);
  REQUIRE(scorer.ok());
  const Rows rows;
  const Result<ScoreExplanation> why = scorer->explain(rows.cells(), 3);
  REQUIRE(why.ok());
  const std::vector<double> x = inputs_of(*contents.tabular, rows, 3);
  const std::vector<float>& average = contents.tabular->average;
  const double expected[] = {(x[0] - average[0]) + 2 * (x[1] - average[1]), 3 * (x[2] - average[2]),
                             4 * (x[3] - average[3]) + 5 * (x[4] - average[4])};
  for (std::size_t c = 0; c < 3; ++c) {
    CHECK(why->contributions[c].amount == Catch::Approx(expected[c]).margin(1e-5));
  }
}

TEST_CASE("The scorer refuses cells that do not fit, and models without features") {
  const OpenedModel model(golden::tabular_model());
  Result<Scorer> scorer = Scorer::create(*model);
  REQUIRE(scorer.ok());
  Rows rows;
  float sum = 0;
  float linear = 0;
  const auto refused = [&](std::span<const CellsView> cells) {
    return scorer->score(cells, 0, {&sum, 1}, {&linear, 1}).error().code ==
           ErrorCode::kRequestInvalid;
  };
  const auto cells = rows.cells();
  CHECK(refused(std::span(cells).first(2)));
  CHECK(refused(std::array{cells[0], CellsView{}, cells[2]}));
  CHECK(refused(std::array{cells[0], cells[1], cells[1]}));
  rows.entries[0] = 5;  // two rows stand behind the three categories
  CHECK(refused(rows.cells()));
  CHECK(Scorer::create(*OpenedModel(sample_hybrid())).error().code == ErrorCode::kModelUnsupported);
}

}  // namespace runtime_scorer_test
}  // namespace palate::testing
