// The hybrid recipe: candidates by iALS, a ranker on top of them.
#include <utility>

#include "train/ials/ials_stage.h"
#include "train/ials/user_solver.h"
#include "train/ranker/ranker_trainer.h"

namespace palate::internal {
namespace {

Status add_ranker(const TrainContext& context, const TargetSplit& split, ModelContents& contents) {
  const RankerRecipe& recipe = context.recipe.ranker;
  const IalsRecipe& ials = context.recipe.ials;
  const UserSolver solver(contents.item_vectors, ials.dimension,
                          objective_of(ials, context.dataset), context.kernels, context.pool);
  const RankerInputs inputs{contents.catalogue, split,        contents.item_vectors, solver,
                            context.kernels,    context.pool, context.checkpoint};
  Result<RankerResult> trained = train_ranker(
      inputs, recipe, context.options.seed, [&](std::uint32_t epoch, const RankerScore& score) {
        context.report({"ranker", epoch, recipe.epochs, "epoch", "validation ndcg@10", score.ndcg});
      });
  if (!trained) return trained.error();
  RankerResult& result = *trained;
  contents.ranker = std::move(result.ranker);
  add_metric(contents, "ranker epochs", result.epochs);
  add_metric(contents, "ranker validation ndcg@10", result.validation.ndcg);
  add_metric(contents, "ranker validation auc", result.validation.auc);
  add_metric(contents, "retrieval validation ndcg@10", result.retrieval.ndcg);
  add_metric(contents, "retrieval validation auc", result.retrieval.auc);
  return Done{};
}

}  // namespace

/// Item vectors without the targets, the ranker on top of them, then a few more epochs with the
/// targets: the vectors stay in the ranker's coordinates, and nothing is lost to the hold-out.
Status train_hybrid(const TrainContext& context, ModelContents& contents) {
  const Recipe& recipe = context.recipe;
  const SparseRows users = rows_of(context.dataset.histories);
  const TargetSplit split =
      hold_out_targets(users, recipe.ranker.target_share, context.options.seed);
  const Result<double> first =
      run_ials(context, split.known, {"ials", recipe.ials.epochs, {}}, contents);
  if (!first) return first.error();
  if (Status added = add_ranker(context, split, contents); !added) return added;
  const Result<double> objective =
      run_ials(context, users,
               {"refit", recipe.ranker.refit_epochs, std::move(contents.item_vectors)}, contents);
  if (!objective) return objective.error();
  finish_ials(context, *objective, contents);
  return Done{};
}

}  // namespace palate::internal
