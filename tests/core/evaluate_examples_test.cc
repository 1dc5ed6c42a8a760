// Measures of a tabular model, against formulas of their own.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <vector>

#include "evaluate/example_measures.h"
#include "evaluate/metrics.h"
#include "palate/random.h"

namespace palate::testing {
namespace evaluate_examples_test {

using internal::Predictions;

struct Sample {
  std::vector<float> logits;
  std::vector<float> labels;
  std::vector<std::uint8_t> positive;
};

Sample make_sample(std::size_t rows) {
  Sample sample;
  Random random(1);
  for (std::size_t row = 0; row < rows; ++row) {
    sample.logits.push_back(static_cast<float>(std::round(4 * random.normal())) / 2);  // with ties
    const double p = 1 / (1 + std::exp(-double{sample.logits.back()}));
    sample.positive.push_back(random.uniform() < p ? 1 : 0);
    sample.labels.push_back(sample.positive.back());
  }
  return sample;
}

TEST_CASE("Measures of rows that count once are those of the classifier's formulas") {
  const Sample sample = make_sample(500);
  const Predictions predictions(TabularTarget::kProbability, sample.logits, sample.labels);
  const auto found = predictions.measures(std::vector<std::uint32_t>(500, 1));
  const ClassificationMetrics expected =
      internal::classification_metrics(sample.logits, sample.positive);
  CHECK(found[0] == Catch::Approx(expected.accuracy));
  CHECK(found[1] == Catch::Approx(expected.precision));
  CHECK(found[2] == Catch::Approx(expected.recall));
  CHECK(found[3] == Catch::Approx(expected.f1));
  CHECK(found[4] == Catch::Approx(expected.auc));
  CHECK(found[5] == Catch::Approx(expected.log_loss));
}

TEST_CASE("A row that counts twice is two rows") {
  Sample sample = make_sample(60);
  std::vector<std::uint32_t> weights(60, 1);
  weights[3] = 2;
  weights[17] = 3;
  weights[40] = 0;
  const Predictions weighted(TabularTarget::kProbability, sample.logits, sample.labels);
  Sample repeated;
  for (std::size_t row = 0; row < 60; ++row) {
    for (std::uint32_t k = 0; k < weights[row]; ++k) {
      repeated.logits.push_back(sample.logits[row]);
      repeated.positive.push_back(sample.positive[row]);
    }
  }
  const ClassificationMetrics expected =
      internal::classification_metrics(repeated.logits, repeated.positive);
  const std::vector<double> found = weighted.measures(weights);
  CHECK(found[0] == Catch::Approx(expected.accuracy));
  CHECK(found[4] == Catch::Approx(expected.auc));
  CHECK(found[5] == Catch::Approx(expected.log_loss));
}

TEST_CASE("The calibration error is the mean distance of the bins from what happened") {
  // Twenty rows, two a bin, p = 1/2 for all but the last two, of p = 3/4.
  std::vector<float> logits(20, 0);
  std::vector<float> labels(20, 0);
  for (std::size_t row = 0; row < 9; ++row) labels[row] = 1;
  logits[18] = logits[19] = std::log(3.0F);
  labels[18] = 1;
  const Predictions predictions(TabularTarget::kProbability, logits, labels);
  const std::vector<ReliabilityBin> bins = predictions.reliability();
  REQUIRE(bins.size() == 2);  // rows of one prediction stay together
  CHECK(bins[0].rows == 18);
  CHECK(bins[0].predicted == Catch::Approx(0.5));
  CHECK(bins[0].observed == Catch::Approx(0.5));
  CHECK(bins[1].predicted == Catch::Approx(0.75));
  CHECK(bins[1].observed == Catch::Approx(0.5));
  const auto found = predictions.measures(std::vector<std::uint32_t>(20, 1));
  CHECK(found[6] == Catch::Approx(0.25 * 2 / 20));
}

TEST_CASE("Measures of values are those of the formulas of errors") {
  const std::vector<float> predicted = {1, 2, 3};
  const std::vector<float> actual = {2, 2, 1};
  const Predictions predictions(TabularTarget::kValue, predicted, actual);
  const auto found = predictions.measures(std::vector<std::uint32_t>(3, 1));
  CHECK(found[0] == Catch::Approx(1));
  CHECK(found[1] == Catch::Approx(5.0 / 3));
  CHECK(found[2] == Catch::Approx(std::sqrt(5.0 / 3)));
  CHECK(predictions.reliability().empty());
}

}  // namespace evaluate_examples_test
}  // namespace palate::testing
