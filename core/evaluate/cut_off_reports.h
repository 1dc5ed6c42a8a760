// Means over the users at each cut-off, their intervals, and their differences.
#ifndef PALATE_EVALUATE_CUT_OFF_REPORTS_H_
#define PALATE_EVALUATE_CUT_OFF_REPORTS_H_

#include <vector>

#include "data/parallel.h"
#include "evaluate/user_pass.h"
#include "palate/evaluate.h"

namespace palate::internal {

/// Fills `model` and `popularity` of the report: one entry a cut-off.
void report_cut_offs(const UserPass& pass, const EvaluateOptions& options, ThreadPool& pool,
                     EvaluationReport& report);

/// The lists of `pass` less those of `other`, which is of the same users in the same order.
std::vector<CutOffDifferences> differences(const UserPass& pass, const UserPass& other,
                                           const EvaluateOptions& options, ThreadPool& pool);

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_CUT_OFF_REPORTS_H_
