// The trainer: a dataset and a recipe go in, the contents of a model file come out.
#include "palate/train.h"

#include "factor/value_head.h"
#include "train/algorithms.h"
#include "train/checkpoint.h"
#include "train/instruction_set.h"
#include "train/training_identity.h"
#include "train/warm_start.h"

namespace palate {
namespace internal {
namespace {

TrainingFacts all_facts_of(const TrainContext& context, std::string_view instruction_set) {
  TrainingFacts facts = facts_of(context.dataset);
  facts.recipe = context.recipe.name;
  facts.recipe_toml = context.recipe.toml;
  facts.instruction_set = instruction_set;
  facts.seed = context.options.seed;
  return facts;
}

Result<Checkpoint> open_checkpoint(const Dataset& dataset, const Recipe& recipe,
                                   const TrainOptions& options, std::string_view instruction_set) {
  if (options.checkpoint.empty()) return Checkpoint();
  return Checkpoint::open(options.checkpoint,
                          identity_of(dataset, recipe, options, instruction_set),
                          options.checkpoint_interval);
}

}  // namespace

Status train_encoder(const TrainContext& context, ModelContents& contents) {
  switch (context.recipe.kind) {
    case RecipeKind::kPopular:
      return Done{};
    case RecipeKind::kTransitions:
      return train_transitions(context, contents);
    case RecipeKind::kItemItem:
      return train_item_item(context, contents);
    case RecipeKind::kIals:
      return train_ials(context, contents);
    case RecipeKind::kHybrid:
      return train_hybrid(context, contents);
    case RecipeKind::kTwoTower:
      return train_two_tower(context, contents);
    case RecipeKind::kSequence:
      return train_sequence(context, contents);
    case RecipeKind::kRating:
      return train_rating(context, contents);
    case RecipeKind::kClick:
      break;
    case RecipeKind::kAuto:
      return Error{ErrorCode::kRecipeInvalid,
                   "auto trains nothing itself: choose_recipe says which recipe to train"};
  }
  return Done{};
}

RecipeKind encoder_kind(HybridEncoder encoder) {
  switch (encoder) {
    case HybridEncoder::kIals:
      return RecipeKind::kIals;
    case HybridEncoder::kTwoTower:
      return RecipeKind::kTwoTower;
    case HybridEncoder::kSequence:
      return RecipeKind::kSequence;
    case HybridEncoder::kItemItem:
      return RecipeKind::kItemItem;
    case HybridEncoder::kTransitions:
      return RecipeKind::kTransitions;
  }
  return {};
}

}  // namespace internal

Result<ModelContents> train(const Dataset& dataset, const Recipe& recipe,
                            const TrainOptions& options) {
  if (recipe.kind == RecipeKind::kClick) {
    return Error{ErrorCode::kRequestInvalid,
                 "the recipe 'click' learns from examples with a label, not from interactions"};
  }
  if (dataset.histories.events.empty()) {
    return Error{ErrorCode::kDataEmpty, "there is no interaction to train on"};
  }
  const Result<internal::InstructionSet> instructions = internal::choose_instruction_set();
  if (!instructions) return instructions.error();
  if (Status fits = internal::check_warm_start(recipe, options); !fits) return fits.error();
  internal::ThreadPool pool(options.threads);
  Result<internal::Checkpoint> checkpoint =
      internal::open_checkpoint(dataset, recipe, options, instructions->name);
  if (!checkpoint) return checkpoint.error();
  const internal::TrainContext context{
      dataset, recipe,     options, *instructions->factor_kernels, *instructions->kernels,
      pool,    *checkpoint};

  ModelContents contents;
  contents.catalogue = dataset.catalogue;
  contents.facts = internal::all_facts_of(context, instructions->name);
  if (Status status = internal::train_encoder(context, contents); !status) return status.error();
  internal::add_value_head(dataset, recipe.values, recipe.ials, options.seed,
                           context.factor_kernels, pool, contents);
  return contents;
}

}  // namespace palate
