// How well a ranker orders the candidates of validation users.
#ifndef PALATE_TRAIN_RANKER_RANKING_SCORE_H_
#define PALATE_TRAIN_RANKER_RANKING_SCORE_H_

#include <span>

#include "train/ranker/sampler.h"

namespace palate::internal {

struct RankerScore {
  double ndcg = 0;  ///< of the first 10; the ideal list has the targets among the candidates first
  double auc = 0;   ///< over pairs of a target and another candidate
  double loss = 0;  ///< BCE of sampled examples, as in training: decides when to stop
};

/// NDCG and AUC, means over the visits that have a target among their candidates. `group` was drawn
/// with `Draw::kAll`; `scores` has one number an example. Equal scores keep the order of retrieval.
RankerScore ranking_score(const ExampleGroup& group, std::span<const float> scores);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_RANKING_SCORE_H_
