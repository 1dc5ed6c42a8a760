// Measures of predictions with weighted rows: formulas only.
#ifndef PALATE_EVALUATE_EXAMPLE_MEASURES_H_
#define PALATE_EVALUATE_EXAMPLE_MEASURES_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "palate/evaluate_examples.h"

namespace palate::internal {

inline constexpr std::array<std::string_view, 7> kProbabilityMeasures = {
    "accuracy", "precision", "recall", "f1", "auc", "log_loss", "ece"};
inline constexpr std::array<std::string_view, 3> kValueMeasures = {"mae", "mse", "rmse"};

/// One model's outputs on the test rows, ready to be measured again and again.
class Predictions {
 public:
  /// `outputs` are logits or values. Borrows the labels.
  Predictions(TabularTarget target, std::vector<float> outputs, std::span<const float> labels);

  /// In the order of the names above, each row counting `weights[row]` times. Where weights leave
  /// no positive or no negative row, auc is 0.5.
  std::vector<double> measures(std::span<const std::uint32_t> weights) const;

  /// The bins of the calibration error; empty of values.
  std::vector<ReliabilityBin> reliability() const;

 private:
  std::vector<double> of_probabilities(std::span<const std::uint32_t> weights) const;
  std::vector<double> of_values(std::span<const std::uint32_t> weights) const;
  double area_under_curve(std::span<const std::uint32_t> weights) const;
  double calibration_error(std::span<const std::uint32_t> weights) const;
  void make_bins();

  TabularTarget target_;
  std::vector<float> outputs_;
  std::span<const float> labels_;
  std::vector<double> probabilities_;
  std::vector<double> losses_;
  std::vector<std::uint32_t> order_;  ///< rows by output, ascending
  std::vector<std::size_t> bins_;     ///< where each begins in `order_`, and the end
};

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_EXAMPLE_MEASURES_H_
