// An evaluation as a table for people and as JSON for scripts.
#ifndef PALATE_TOOLS_EVALUATION_REPORT_H_
#define PALATE_TOOLS_EVALUATION_REPORT_H_

#include <nlohmann/json_fwd.hpp>
#include <ostream>

#include "palate/evaluate.h"

namespace palate::tools {

/// The model beside popularity at each cut-off, then the ranker as a classifier and the predicted
/// values where the model has them.
void print_evaluation(const EvaluationReport& report, std::ostream& out);

/// The same numbers in full; `classification` and `values` are null where the model has none.
nlohmann::ordered_json evaluation_json(const EvaluationReport& report);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_EVALUATION_REPORT_H_
