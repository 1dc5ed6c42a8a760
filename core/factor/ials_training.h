// iALS from a dataset to what a model file keeps of it.
#ifndef PALATE_FACTOR_IALS_TRAINING_H_
#define PALATE_FACTOR_IALS_TRAINING_H_

#include <cstdint>

#include "factor/ials.h"
#include "factor/ials_objective.h"
#include "factor/kernels/factor_kernels.h"
#include "factor/sparse_rows.h"
#include "log/chunks.h"
#include "palate/factor.h"
#include "palate/interactions.h"
#include "palate/model_writer.h"
#include "palate/result.h"

namespace palate::internal {

/// Borrows all it is given.
class IalsTraining {
 public:
  IalsTraining(const Dataset& dataset, const IalsRecipe& recipe, const FactorKernels& kernels,
               Workers& workers, std::uint64_t seed);

  Ials& ials() { return ials_; }

  /// Hands over the item vectors, the fold-in and the objective. `kRecipeInvalid` where the vectors
  /// grew beyond all numbers.
  Status finish(ModelContents& contents);

 private:
  const IalsRecipe& recipe_;
  const FactorKernels& kernels_;
  Workers& workers_;
  IalsObjective objective_;
  SparseRows users_;
  SparseRows items_;
  Ials ials_;
};

}  // namespace palate::internal

#endif  // PALATE_FACTOR_IALS_TRAINING_H_
