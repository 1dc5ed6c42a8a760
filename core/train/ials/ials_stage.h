// iALS as a step of a training: epochs that are reported, and what the model file keeps of them.
#ifndef PALATE_TRAIN_IALS_IALS_STAGE_H_
#define PALATE_TRAIN_IALS_IALS_STAGE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "train/algorithms.h"
#include "train/sparse_rows.h"

namespace palate::internal {

struct IalsStage {
  std::string_view name;
  std::uint32_t epochs = 0;
  std::vector<float> start;  ///< item vectors to go on from; empty: random ones
};

/// Leaves the item vectors in `contents` and returns the objective. `kRecipeInvalid` when the
/// numbers diverge.
Result<double> run_ials(const TrainContext& context, const SparseRows& users, IalsStage stage,
                        ModelContents& contents);

/// Adds the fold-in encoder of the item vectors.
void finish_ials(const TrainContext& context, double objective, ModelContents& contents);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_IALS_IALS_STAGE_H_
