// Trains the ranker of a hybrid model.
#ifndef PALATE_TRAIN_RANKER_RANKER_TRAINER_H_
#define PALATE_TRAIN_RANKER_RANKER_TRAINER_H_

#include <cstdint>
#include <functional>
#include <span>

#include "data/parallel.h"
#include "palate/model_writer.h"
#include "palate/recipe.h"
#include "train/checkpoint.h"
#include "train/ials/user_solver.h"
#include "train/kernels/kernels.h"
#include "train/ranker/ranking_score.h"
#include "train/ranker/target_split.h"

namespace palate::internal {

struct RankerResult {
  Ranker ranker;
  RankerScore validation;    ///< of the epoch that was kept
  RankerScore retrieval;     ///< of the order that retrieval returns
  std::uint32_t epochs = 0;  ///< that ran
};

/// What the trainer reads. All of it is borrowed.
struct RankerInputs {
  const Catalogue& catalogue;
  const TargetSplit& split;
  std::span<const float> item_vectors;  ///< trained on split.known alone
  const UserSolver& solver;             ///< over these item vectors
  const Kernels& kernels;
  ThreadPool& pool;
  Checkpoint& checkpoint;
};

/// Adam on the BCE of sampled examples, epoch after epoch, until the validation users' loss has
/// not improved for `patience` epochs; keeps the best epoch, the untrained start (which ranks as
/// retrieval does) among them. `on_epoch` is told the epoch (from 1) and the score. Fails where its
/// checkpoint does.
Result<RankerResult> train_ranker(
    const RankerInputs& inputs, const RankerRecipe& recipe, std::uint64_t seed,
    const std::function<void(std::uint32_t, const RankerScore&)>& on_epoch);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_RANKER_TRAINER_H_
