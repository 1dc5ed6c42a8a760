// Trains the ranker of a hybrid model.
#ifndef PALATE_TRAIN_RANKER_RANKER_TRAINER_H_
#define PALATE_TRAIN_RANKER_RANKER_TRAINER_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "data/parallel.h"
#include "palate/model_writer.h"
#include "palate/recipe.h"
#include "train/checkpoint.h"
#include "train/kernels/kernels.h"
#include "train/ranker/ranking_score.h"
#include "train/ranker/target_split.h"

namespace palate::internal {

struct RankerResult {
  Ranker ranker;                      ///< without the retrievers
  RankerScore validation;             ///< of the epoch that was kept
  RankerScore retrieval;              ///< of the best retriever's order
  std::uint32_t epochs = 0;           ///< that ran
  std::vector<std::string> left_out;  ///< columns of context that tell nothing, and why
};

/// What the trainer reads. All of it is borrowed.
struct RankerInputs {
  const ModelContents& retrieval;  ///< catalogue and encoder, trained on split.known alone
  const std::vector<ItemWeights>& retrievers;  ///< beside the encoder, trained likewise
  const TargetSplit& split;
  std::span<const Attribute> context;  ///< a cell for each event of the whole log
  TargetChoice order;
  const Kernels& kernels;
  ThreadPool& pool;
  Checkpoint& checkpoint;
};

/// Adam on the loss of sampled candidates, epoch after epoch, until the validation users' NDCG has
/// not risen for `patience` epochs; keeps the best epoch. The untrained start, which ranks as the
/// best of the retrievers does, is one of them, so the ranker is no worse. `on_epoch` is told the
/// epoch (from 1) and the score. Fails where its checkpoint does.
Result<RankerResult> train_ranker(
    const RankerInputs& inputs, const RankerRecipe& recipe, std::uint64_t seed,
    const std::function<void(std::uint32_t, const RankerScore&)>& on_epoch);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_RANKER_TRAINER_H_
