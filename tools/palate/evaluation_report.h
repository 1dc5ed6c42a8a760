// An evaluation as tables for people.
#ifndef PALATE_TOOLS_EVALUATION_REPORT_H_
#define PALATE_TOOLS_EVALUATION_REPORT_H_

#include <ostream>

#include "evaluation.h"

namespace palate::tools {

/// The model beside popularity at each cut-off; the ranker as a classifier and the predicted values
/// where the model has them; with `details` the tables by history length and by item popularity;
/// and what it was held against.
void print_evaluation(const Evaluation& evaluation, bool details, std::ostream& out);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_EVALUATION_REPORT_H_
