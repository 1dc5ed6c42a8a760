// What a tabular model learns from: cells over fitted columns, labels, and which rows are for what.
#ifndef PALATE_TRAIN_CLICK_TRAINING_ROWS_H_
#define PALATE_TRAIN_CLICK_TRAINING_ROWS_H_

#include <cmath>
#include <cstdint>
#include <span>

#include "palate/examples.h"
#include "palate/model_writer.h"

namespace palate::internal {

/// Numbers are scaled already; NaN stays NaN. All of it is borrowed.
struct TrainingRows {
  std::span<const TabularColumn> columns;  ///< scales and vocabularies
  std::span<const EncodedColumn> cells;    ///< of all rows
  std::span<const float> labels;           ///< of all rows: 0 and 1, or values standardised
  TabularTarget target{};
  std::span<const std::uint32_t> train;
  std::span<const std::uint32_t> validation;
};

/// The loss of one row's output, and its derivative by the output: log loss in nats, or half the
/// squared error.
struct RowLoss {
  double loss = 0;
  double slope = 0;
  double curvature = 0;
};

inline RowLoss row_loss(TabularTarget target, double output, double label) {
  if (target == TabularTarget::kValue) {
    const double error = output - label;
    return {0.5 * error * error, error, 1};
  }
  const double probability = 1 / (1 + std::exp(-output));
  const double softplus = std::log1p(std::exp(-std::abs(output)));
  return {std::max(output, 0.0) - output * label + softplus, probability - label,
          probability * (1 - probability)};
}

}  // namespace palate::internal

#endif  // PALATE_TRAIN_CLICK_TRAINING_ROWS_H_
