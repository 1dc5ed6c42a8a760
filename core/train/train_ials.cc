// The recipe `ials`: epochs that are reported and kept in the checkpoint.
#include <string>

#include "factor/ials_training.h"
#include "train/algorithms.h"
#include "train/warm_start.h"

namespace palate::internal {
namespace {

StateParts parts_of(const IalsState& state) {
  return {{"epochs", state.epochs},
          {"objective", state.objective},
          {"user vectors", state.user_vectors},
          {"item vectors", state.item_vectors},
          {"previous item vectors", state.previous_items}};
}

}  // namespace

Status train_ials(const TrainContext& context, ModelContents& contents) {
  const IalsRecipe& recipe = context.recipe.ials;
  IalsTraining training(context.dataset, recipe, context.factor_kernels, context.pool,
                        context.options.seed);
  Ials& ials = training.ials();
  start_from_old_model(context, ials.item_vectors(), contents);
  const StateParts state = parts_of(ials.state());
  const std::string stage = context.stage("ials");
  Checkpoint& checkpoint = context.checkpoint;
  if (Status restored = checkpoint.restore(stage, state); !restored) return restored;
  while (ials.epochs() < recipe.epochs) {
    const double loss = ials.run_epoch();
    context.report({stage, ials.epochs(), recipe.epochs, "epoch", "objective", loss});
    if (Status saved = checkpoint.save(stage, state); !saved) return saved;
  }
  return training.finish(contents);
}

}  // namespace palate::internal
