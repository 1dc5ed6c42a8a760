// Measures of predictions with weighted rows: formulas only.
#include "evaluate/example_measures.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace palate::internal {
namespace {

constexpr std::size_t kBins = 10;

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0.0; }

}  // namespace

Predictions::Predictions(TabularTarget target, std::vector<float> outputs,
                         std::span<const float> labels)
    : target_(target), outputs_(std::move(outputs)), labels_(labels) {
  if (target_ == TabularTarget::kValue) return;
  for (std::size_t row = 0; row < outputs_.size(); ++row) {
    const double logit = outputs_[row];
    probabilities_.push_back(1 / (1 + std::exp(-logit)));
    const double x = labels_[row] > 0 ? logit : -logit;
    losses_.push_back(std::max(-x, 0.0) + std::log1p(std::exp(-std::abs(x))));
  }
  order_.resize(outputs_.size());
  std::iota(order_.begin(), order_.end(), 0U);
  std::ranges::stable_sort(order_, {}, [&](std::uint32_t row) { return outputs_[row]; });
  make_bins();
}

void Predictions::make_bins() {
  bins_.push_back(0);
  for (std::size_t bin = 1; bin <= kBins; ++bin) {
    std::size_t end = order_.size() * bin / kBins;
    while (end > 0 && end < order_.size() && outputs_[order_[end]] == outputs_[order_[end - 1]]) {
      ++end;
    }
    if (end > bins_.back()) bins_.push_back(end);
  }
}

std::vector<double> Predictions::measures(std::span<const std::uint32_t> weights) const {
  return target_ == TabularTarget::kValue ? of_values(weights) : of_probabilities(weights);
}

std::vector<double> Predictions::of_values(std::span<const std::uint32_t> weights) const {
  double count = 0;
  double absolute = 0;
  double squared = 0;
  for (std::size_t row = 0; row < outputs_.size(); ++row) {
    const double error = double{outputs_[row]} - labels_[row];
    count += weights[row];
    absolute += weights[row] * std::abs(error);
    squared += weights[row] * error * error;
  }
  return {absolute / count, squared / count, std::sqrt(squared / count)};
}

std::vector<double> Predictions::of_probabilities(std::span<const std::uint32_t> weights) const {
  double count = 0;
  double right = 0;
  double said_yes = 0;
  double rightly_yes = 0;
  double positives = 0;
  double loss = 0;
  for (std::size_t row = 0; row < outputs_.size(); ++row) {
    const double weight = weights[row];
    const bool yes = outputs_[row] > 0;
    const bool is_positive = labels_[row] > 0;
    count += weight;
    loss += weight * losses_[row];
    positives += is_positive ? weight : 0;
    said_yes += yes ? weight : 0;
    rightly_yes += yes && is_positive ? weight : 0;
    right += yes == is_positive ? weight : 0;
  }
  const double precision = ratio(rightly_yes, said_yes);
  const double recall = ratio(rightly_yes, positives);
  return {right / count,
          precision,
          recall,
          ratio(2 * precision * recall, precision + recall),
          area_under_curve(weights),
          loss / count,
          calibration_error(weights)};
}

/// The chance that a positive's output is above a negative's, a tie counting one half.
double Predictions::area_under_curve(std::span<const std::uint32_t> weights) const {
  double below = 0;  // negatives with a smaller output
  double positives = 0;
  double pairs = 0;
  for (std::size_t begin = 0, end = 0; begin < order_.size(); begin = end) {
    double tied_positives = 0;
    double tied_negatives = 0;
    for (; end < order_.size() && outputs_[order_[end]] == outputs_[order_[begin]]; ++end) {
      const std::uint32_t row = order_[end];
      (labels_[row] > 0 ? tied_positives : tied_negatives) += weights[row];
    }
    pairs += tied_positives * (below + tied_negatives / 2);
    below += tied_negatives;
    positives += tied_positives;
  }
  return positives > 0 && below > 0 ? pairs / (positives * below) : 0.5;
}

double Predictions::calibration_error(std::span<const std::uint32_t> weights) const {
  double count = 0;
  double error = 0;
  for (std::size_t bin = 0; bin + 1 < bins_.size(); ++bin) {
    double off = 0;
    for (std::size_t at = bins_[bin]; at < bins_[bin + 1]; ++at) {
      const std::uint32_t row = order_[at];
      count += weights[row];
      off += weights[row] * (probabilities_[row] - (labels_[row] > 0 ? 1.0 : 0.0));
    }
    error += std::abs(off);
  }
  return error / count;
}

std::vector<ReliabilityBin> Predictions::reliability() const {
  std::vector<ReliabilityBin> bins;
  for (std::size_t bin = 0; bin + 1 < bins_.size(); ++bin) {
    ReliabilityBin& entry = bins.emplace_back();
    entry.rows = bins_[bin + 1] - bins_[bin];
    for (std::size_t at = bins_[bin]; at < bins_[bin + 1]; ++at) {
      entry.predicted += probabilities_[order_[at]];
      entry.observed += labels_[order_[at]] > 0 ? 1 : 0;
    }
    entry.predicted /= static_cast<double>(entry.rows);
    entry.observed /= static_cast<double>(entry.rows);
  }
  return bins;
}

}  // namespace palate::internal
