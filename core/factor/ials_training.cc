// iALS from a dataset to what a model file keeps of it.
#include "factor/ials_training.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "factor/facts.h"

namespace palate::internal {

IalsTraining::IalsTraining(const Dataset& dataset, const IalsRecipe& recipe,
                           const FactorKernels& kernels, Workers& workers, std::uint64_t seed)
    : recipe_(recipe),
      kernels_(kernels),
      workers_(workers),
      objective_(objective_of(recipe, dataset)),
      users_(rows_of(dataset.histories)),
      items_(transpose(users_, dataset.catalogue.ids.size())),
      ials_(users_, items_, recipe, objective_, kernels, workers, seed) {}

Status IalsTraining::finish(ModelContents& contents) {
  if (!std::isfinite(ials_.objective())) {
    return Error{ErrorCode::kRecipeInvalid,
                 "the item vectors grew beyond all numbers; raise ials.regularization"};
  }
  contents.dimension = recipe_.dimension;
  contents.item_vectors = std::move(ials_.item_vectors());
  if (!std::ranges::all_of(contents.item_vectors,
                           [](float x) { return std::abs(x) <= kMaxMagnitude; })) {
    return Error{ErrorCode::kRecipeInvalid,
                 "the item vectors have numbers above a million; raise ials.regularization"};
  }
  contents.fold_in =
      fold_in_of(contents.item_vectors, recipe_.dimension, objective_, kernels_, workers_);
  add_metric(contents, "ials objective", ials_.objective());
  return Done{};
}

}  // namespace palate::internal
