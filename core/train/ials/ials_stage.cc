// iALS as a step of a training, and the recipe that is this step alone.
#include "train/ials/ials_stage.h"

#include <cmath>
#include <utility>

#include "train/ials/ials.h"
#include "train/warm_start.h"

namespace palate::internal {

Result<double> run_ials(const TrainContext& context, const SparseRows& users, IalsStage stage,
                        ModelContents& contents) {
  const IalsRecipe& recipe = context.recipe.ials;
  const SparseRows items = transpose(users, context.dataset.catalogue.ids.size());
  Ials ials(users, items, recipe, objective_of(recipe, context.dataset), context.kernels,
            context.pool, context.options.seed);
  if (stage.start.empty()) {
    start_from_old_model(context, ials.item_vectors(), contents);
  } else {
    ials.item_vectors() = std::move(stage.start);
  }
  const StateParts state = ials.state();
  if (Status restored = context.checkpoint.restore(stage.name, state); !restored) {
    return restored.error();
  }
  while (ials.epochs() < stage.epochs) {
    const double objective = ials.run_epoch();
    context.report({stage.name, ials.epochs(), stage.epochs, "epoch", "objective", objective});
    if (Status saved = context.checkpoint.save(stage.name, state); !saved) return saved.error();
  }
  if (!std::isfinite(ials.objective())) {
    return Error{ErrorCode::kRecipeInvalid,
                 "the item vectors grew beyond all numbers; raise ials.regularization"};
  }
  contents.dimension = recipe.dimension;
  contents.item_vectors = std::move(ials.item_vectors());
  return ials.objective();
}

void finish_ials(const TrainContext& context, double objective, ModelContents& contents) {
  const IalsRecipe& recipe = context.recipe.ials;
  contents.fold_in =
      fold_in_of(contents.item_vectors, recipe.dimension, objective_of(recipe, context.dataset),
                 context.kernels, context.pool);
  add_metric(contents, "ials objective", objective);
}

Status train_ials(const TrainContext& context, ModelContents& contents) {
  const SparseRows users = rows_of(context.dataset.histories);
  const Result<double> objective =
      run_ials(context, users, {"ials", context.recipe.ials.epochs, {}}, contents);
  if (!objective) return objective.error();
  finish_ials(context, *objective, contents);
  return Done{};
}

}  // namespace palate::internal
