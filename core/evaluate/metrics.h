// Formulas of quality: numbers in, numbers out. No model, no log, no thread.
#ifndef PALATE_EVALUATE_METRICS_H_
#define PALATE_EVALUATE_METRICS_H_

#include <cstdint>
#include <span>

#include "palate/evaluate.h"

namespace palate::internal {

/// One user's ranking at one cut-off. `hit_ranks`: the places, from 1 and
/// ascending, at which the list holds a held-out item; `held_out` > 0 counts them all, found or
/// not. Formulas: palate/evaluate.h, RankingMetrics.
RankingMetrics ranking_metrics(std::span<const std::uint32_t> hit_ranks, std::uint64_t held_out,
                               std::uint32_t k);

/// Area under the ROC curve: the chance that a positive scores above a negative, a tie counting one
/// half (the Mann-Whitney statistic from mid-ranks; Hanley, McNeil 1982). Needs one of each.
double area_under_curve(std::span<const float> scores, std::span<const std::uint8_t> positive);

/// Mean of -log p(label), p = 1 / (1 + exp(-logit)), in nats; exact for logits of any size.
double log_loss(std::span<const float> logits, std::span<const std::uint8_t> positive);

/// A classifier that says yes where the logit is > 0 (p > 0.5). Precision is 0 where it never says
/// yes, F1 (van Rijsbergen 1979) where precision and recall are both 0. Needs one of each class.
ClassificationMetrics classification_metrics(std::span<const float> logits,
                                             std::span<const std::uint8_t> positive);

/// Means of |p - a| and (p - a)^2, and the root of the latter. Needs at least one pair.
ValueMetrics value_metrics(std::span<const float> predicted, std::span<const float> actual);

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_METRICS_H_
