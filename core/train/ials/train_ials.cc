// The recipe `ials`: epochs that are reported, and what the model file keeps of them.
#include <cmath>
#include <string>
#include <utility>

#include "train/algorithms.h"
#include "train/ials/ials.h"
#include "train/warm_start.h"

namespace palate::internal {

Status train_ials(const TrainContext& context, ModelContents& contents) {
  const IalsRecipe& recipe = context.recipe.ials;
  const IalsObjective objective = objective_of(recipe, context.dataset);
  const SparseRows users = rows_of(context.dataset.histories);
  const SparseRows items = transpose(users, context.dataset.catalogue.ids.size());
  Ials ials(users, items, recipe, objective, context.kernels, context.pool, context.options.seed);
  start_from_old_model(context, ials.item_vectors(), contents);
  const StateParts state = ials.state();
  const std::string stage = context.stage("ials");
  Checkpoint& checkpoint = context.checkpoint;
  if (Status restored = checkpoint.restore(stage, state); !restored) return restored;
  while (ials.epochs() < recipe.epochs) {
    const double loss = ials.run_epoch();
    context.report({stage, ials.epochs(), recipe.epochs, "epoch", "objective", loss});
    if (Status saved = checkpoint.save(stage, state); !saved) return saved;
  }
  if (!std::isfinite(ials.objective())) {
    return Error{ErrorCode::kRecipeInvalid,
                 "the item vectors grew beyond all numbers; raise ials.regularization"};
  }
  contents.dimension = recipe.dimension;
  contents.item_vectors = std::move(ials.item_vectors());
  contents.fold_in =
      fold_in_of(contents.item_vectors, recipe.dimension, objective, context.kernels, context.pool);
  add_metric(contents, "ials objective", ials.objective());
  return Done{};
}

}  // namespace palate::internal
