// What a visit's logits cost, and how they should move.
#ifndef PALATE_TRAIN_RANKER_RANKER_LOSS_H_
#define PALATE_TRAIN_RANKER_RANKER_LOSS_H_

#include <span>

#include "palate/recipe.h"
#include "train/ranker/visits.h"

namespace palate::internal {

/// The loss of one visit; writes its derivatives by the logits. Only differences between the logits
/// count with either: a long history makes all scores of a visit larger, and only their order
/// matters.
///   softmax  mean over the targets of -log(e^s_t / (e^s_t + sum of e^s over the other candidates))
///   bce      mean over the examples of the binary cross entropy, with the intercept that makes the
///            expected number of targets the true one
/// There is a target and another candidate.
double ranker_loss(RankerLoss loss, std::span<const Example> examples,
                   std::span<const float> logits, std::span<float> by_logits);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_RANKER_LOSS_H_
