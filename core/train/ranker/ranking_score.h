// How well a ranker orders the candidates of validation users.
#ifndef PALATE_TRAIN_RANKER_RANKING_SCORE_H_
#define PALATE_TRAIN_RANKER_RANKING_SCORE_H_

#include <span>

#include "train/ranker/visits.h"

namespace palate::internal {

struct RankerScore {
  double ndcg = 0;  ///< of the first 10; the ideal list has the targets among the candidates first
  double auc = 0;   ///< over pairs of a target and another candidate
};

/// Means over the visits, 0 where there are none; `scores` has one number an example. Equal scores
/// keep the order of the candidates.
RankerScore ranking_score(const VisitSet& set, std::span<const float> scores);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_RANKING_SCORE_H_
