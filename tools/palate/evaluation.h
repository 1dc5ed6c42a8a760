// What `palate evaluate` found out, to be shown: one model's report, and what it was held against.
#ifndef PALATE_TOOLS_EVALUATION_H_
#define PALATE_TOOLS_EVALUATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "palate/evaluate.h"

namespace palate::tools {

/// Another model on the same users.
struct Against {
  std::string name;  ///< a file, or a recipe with its overrides
  EvaluationReport report;
  std::vector<CutOffDifferences> differences;  ///< the evaluation's model less this one
};

struct Evaluation {
  std::string name;
  EvaluationReport report;
  std::optional<Against> against;
  std::uint32_t resamples = 0;
};

}  // namespace palate::tools

#endif  // PALATE_TOOLS_EVALUATION_H_
