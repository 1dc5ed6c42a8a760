// What the evaluation of a tabular model found out, for people and for scripts.
#ifndef PALATE_TOOLS_EXAMPLE_REPORT_H_
#define PALATE_TOOLS_EXAMPLE_REPORT_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <ostream>
#include <string>

#include "palate/evaluate_examples.h"

namespace palate::tools {

struct ExampleEvaluation {
  std::string name;  ///< a file, or a recipe with its overrides
  ExampleReport report;
  std::uint32_t resamples = 0;
};

void print_evaluation(const ExampleEvaluation& evaluation, std::ostream& out);
nlohmann::ordered_json evaluation_json(const ExampleEvaluation& evaluation);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_EXAMPLE_REPORT_H_
