// The recipe `rating`: factors of the values, and a network on top of them where it is asked for.
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "factor/value_head.h"
#include "palate/random.h"
#include "train/algorithms.h"
#include "train/rating/rating_factors.h"
#include "train/rating/ratings.h"
#include "train/rating/value_network.h"
#include "train/warm_start.h"

namespace palate::internal {
namespace {

/// Of the seed: which values the network learns from.
constexpr std::uint64_t kTargets = 21;

/// Runs the epochs that are left, with a checkpoint after each.
Status run_factors(const TrainContext& context, std::string_view stage, std::uint32_t epochs,
                   RatingFactors& factors) {
  const StateParts state = factors.state();
  if (Status restored = context.checkpoint.restore(stage, state); !restored) return restored;
  while (factors.epochs() < epochs) {
    const double noise = factors.run_epoch();
    if (!std::isfinite(noise)) {
      return Error{ErrorCode::kRecipeInvalid,
                   "the item vectors grew beyond all numbers; raise rating.regularization"};
    }
    context.report({stage, factors.epochs(), epochs, "epoch", "expected rmse", noise});
    if (Status saved = context.checkpoint.save(stage, state); !saved) return saved;
  }
  return Done{};
}

/// The events without the targets, and the targets as examples.
struct TargetSplit {
  Histories known;
  std::vector<ValueExample> targets;
};

/// Holds out `share` of each user's values at random.
TargetSplit hold_out_values(const Histories& histories, double share, std::uint64_t seed) {
  TargetSplit split;
  for (std::uint32_t user = 0; user < histories.user_count(); ++user) {
    Random random(Random(seed, kTargets).next(), user);
    for (const Event& event : histories.of(user)) {
      if (!std::isnan(event.value) && random.uniform() < share) {
        split.targets.push_back(
            {user, static_cast<std::uint32_t>(to_row(event.item)), event.value});
      } else {
        split.known.events.push_back(event);
      }
    }
    split.known.offsets.push_back(split.known.events.size());
  }
  return split;
}

class RatingTraining {
 public:
  RatingTraining(const TrainContext& context, ModelContents& contents)
      : context_(context), recipe_(context.recipe.rating), contents_(contents) {
    contents_.value_head = train_biases(context.dataset, context.recipe.values);
  }

  Status run_factors_alone() {
    const Result<Ratings> ratings = ratings_of(context_.dataset.histories, item_count());
    if (!ratings) return ratings.error();
    RatingFactors factors = factors_of(*ratings);
    if (context_.options.from != nullptr) {
      factors.start_from(*context_.options.from, items_of_old_model(context_, contents_));
    }
    if (Status run = run_factors(context_, "factors", recipe_.epochs, factors); !run) return run;
    export_factors(factors);
    return Done{};
  }

  /// Factors without the targets, the network on top of them, then a few more epochs with the
  /// targets: the vectors hardly turn, so the network fits them still, and nothing is lost.
  Status run_with_network() {
    const TargetSplit split = hold_out_values(
        context_.dataset.histories, context_.recipe.ranker.target_share, context_.options.seed);
    const Result<Ratings> known = ratings_of(split.known, item_count());
    if (!known) return known.error();
    RatingFactors first = factors_of(*known);
    if (context_.options.from != nullptr) {
      first.start_from(*context_.options.from, items_of_old_model(context_, contents_));
    }
    if (Status run = run_factors(context_, "factors", recipe_.epochs, first); !run) return run;
    if (Status added = add_network(split, first); !added) return added;
    const Result<Ratings> all = ratings_of(context_.dataset.histories, item_count());
    if (!all) return all.error();
    RatingFactors second = factors_of(*all);
    second.continue_from(first);
    const std::uint32_t epochs = recipe_.epochs + context_.recipe.ranker.refit_epochs;
    if (Status run = run_factors(context_, "refit", epochs, second); !run) return run;
    export_factors(second);
    return Done{};
  }

 private:
  std::size_t item_count() const { return context_.dataset.catalogue.ids.size(); }

  RatingFactors factors_of(const Ratings& ratings) const {
    return {ratings,          *contents_.value_head, context_.recipe,
            context_.kernels, context_.pool,         context_.options.seed};
  }

  Status add_network(const TargetSplit& split, RatingFactors& factors) {
    const RankerRecipe& recipe = context_.recipe.ranker;
    std::vector<float> offsets = factors.item_bias();
    for (float& offset : offsets) offset += contents_.value_head->mean;
    const ValueNetworkInputs inputs{
        contents_.catalogue, factors.solve_users(), factors.item_vectors(), offsets,
        recipe_.dimension,   split.targets,         context_.kernels,       context_.pool,
        context_.checkpoint};
    Result<ValueNetworkResult> trained = train_value_network(
        inputs, recipe, context_.options.seed, [&](std::uint32_t epoch, double rmse) {
          context_.report({"network", epoch, recipe.epochs, "epoch", "validation rmse", rmse});
        });
    if (!trained) return trained.error();
    contents_.ranker = std::move(trained->ranker);
    add_metric(contents_, "network epochs", trained->epochs);
    if (!std::isfinite(trained->rmse)) return Done{};  // no user was set apart
    add_metric(contents_, "network validation rmse", trained->rmse);
    add_metric(contents_, "factors validation rmse", trained->factors_rmse);
    return Done{};
  }

  void export_factors(RatingFactors& factors) {
    contents_.dimension = recipe_.dimension;
    contents_.item_vectors = std::move(factors.item_vectors());
    contents_.value_head->item_bias = std::move(factors.item_bias());
    contents_.value_head->slope = 1;  // the score is the value
    contents_.value_fold_in = ValueFoldIn{.regularization = static_cast<float>(factors.noise()),
                                          .by_cosine = recipe_.score == RatingScore::kCosine};
    if (!recipe_.implicit) return;
    contents_.value_fold_in->implicit_vectors = std::move(factors.implicit_vectors());
  }

  const TrainContext& context_;
  const RatingRecipe& recipe_;
  ModelContents& contents_;
};

}  // namespace

Status train_rating(const TrainContext& context, ModelContents& contents) {
  if (!has_values(context.dataset)) {
    return Error{ErrorCode::kRequestInvalid,
                 "the recipe '" + context.recipe.name +
                     "' learns from values (ratings), and the log has none; name their column "
                     "(--columns value=NAME), or take a recipe for interactions such as ials"};
  }
  if (context.options.from != nullptr && context.options.from->value_fold_in() == nullptr) {
    return Error{ErrorCode::kRequestInvalid,
                 "the older model's vectors are of another kind than those of the recipe '" +
                     context.recipe.name + "'; start from a model of such a recipe, or from none"};
  }
  if (context.recipe.rating.model == RatingModel::kNetwork &&
      context.recipe.rating.score == RatingScore::kCosine) {
    return Error{
        ErrorCode::kRecipeInvalid,
        "rating.score=cosine orders by the factors' vectors, and with rating.model=network "
        "the network orders; take one of the two"};
  }
  RatingTraining training(context, contents);
  return context.recipe.rating.model == RatingModel::kNetwork ? training.run_with_network()
                                                              : training.run_factors_alone();
}

}  // namespace palate::internal
