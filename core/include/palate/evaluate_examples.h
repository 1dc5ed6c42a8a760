// Evaluation of a tabular model on labelled examples, measured through the runtime that ships.
#ifndef PALATE_EVALUATE_EXAMPLES_H_
#define PALATE_EVALUATE_EXAMPLES_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "palate/evaluate.h"
#include "palate/examples.h"
#include "palate/model.h"
#include "palate/result.h"

namespace palate {

/// One measure of the network, of the linear head beside it, and the former less the latter. The
/// intervals are percentile bootstraps (`RankingIntervals`) over the users, whose rows stay
/// together, or over the rows where the log names no users; both models share the resamples, so
/// that of the difference is paired.
struct ExampleMeasure {
  struct Estimate {
    double value = 0;
    std::optional<Interval> interval;  ///< absent without resamples
  };
  std::string_view name;
  Estimate network;
  Estimate linear;
  Estimate difference;
};

/// Some rows with similar predictions.
struct ReliabilityBin {
  std::uint64_t rows = 0;
  double predicted = 0;  ///< mean probability
  double observed = 0;   ///< share of positives
};

/// Of a probability p (yes where p > 0.5; formulas: `ClassificationMetrics`): accuracy, precision,
/// recall, f1, auc, log_loss, and ece, the expected calibration error sum_b n_b / n |predicted_b -
/// observed_b| over ten bins of as many rows each, rows of one prediction staying together (Guo et
/// al. 2017, with the bins of Nguyen, O'Connor 2015). Of a value: mae, mse, rmse.
struct ExampleReport {
  std::uint64_t rows = 0;
  std::uint64_t positives = 0;  ///< of a probability
  std::uint64_t users = 0;      ///< that are drawn anew; 0: rows are
  std::vector<ExampleMeasure> measures;
  std::vector<ReliabilityBin> reliability;         ///< of the network's probabilities, ascending
  std::vector<ReliabilityBin> linear_reliability;  ///< of the linear head's
};

struct ExampleEvaluateOptions {
  unsigned threads = 0;            ///< 0: all of the machine's; the report is the same with any
  std::uint32_t resamples = 1000;  ///< of the bootstrap; 0: no intervals
  std::uint64_t seed = 1;
  ProgressCallback progress = nullptr;
};

/// `kModelUnsupported` where the model is not tabular; `kDataEmpty` without rows or labels;
/// `kRequestInvalid` where a probability has labels other than 0 and 1, or all are one of them.
Result<ExampleReport> evaluate(const Model& model, const ExampleLog& test,
                               const ExampleEvaluateOptions& options);

}  // namespace palate

#endif  // PALATE_EVALUATE_EXAMPLES_H_
