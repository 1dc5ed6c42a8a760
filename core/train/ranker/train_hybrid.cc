// The hybrid recipe: candidates of one or several retrievers, a ranker on top of them.
#include <algorithm>
#include <utility>
#include <vector>

#include "train/algorithms.h"
#include "train/ranker/item_recency.h"
#include "train/ranker/ranker_trainer.h"

namespace palate::internal {
namespace {

/// Of the learning rate that found an encoder, where it only takes the targets in.
constexpr float kRefitRate = 0.2F;

class HybridTraining {
 public:
  explicit HybridTraining(const TrainContext& context)
      : context_(context),
        order_(has_order() ? TargetChoice::kNewest : TargetChoice::kRandom),
        split_(hold_out_targets(context.dataset, context.recipe.ranker.target_share,
                                context.recipe.ranker.max_targets, order_, context.options.seed)) {}

  /// Retrievers without the targets, the ranker on top of them, then retrievers with the targets:
  /// the encoder goes on from where it was, so that its vectors stay in the ranker's coordinates,
  /// and nothing is lost to the hold-out.
  Status run(ModelContents& contents) {
    ModelContents known = empty_contents();
    Status status = train(split_.known, context_.recipe, context_.options, {}, known);
    std::vector<ItemWeights> retrievers;
    if (status) status = train_further(split_.known, retrievers);
    if (status) status = add_ranker(known, retrievers, contents);
    if (status) status = refit(known, contents);
    if (status) status = train_further(context_.dataset, contents.ranker->retrievers);
    return status;
  }

 private:
  /// Whether what comes later is another thing than what came before.
  bool has_order() const {
    const HybridRecipe& hybrid = context_.recipe.hybrid;
    return context_.dataset.has_times || hybrid.transitions ||
           hybrid.encoder == HybridEncoder::kSequence ||
           hybrid.encoder == HybridEncoder::kTransitions;
  }

  ModelContents empty_contents() const {
    ModelContents contents;
    contents.catalogue = context_.dataset.catalogue;
    return contents;
  }

  Status train(const Dataset& dataset, const Recipe& recipe, const TrainOptions& options,
               std::string_view step, ModelContents& contents) const {
    Recipe encoder = recipe;
    encoder.kind = encoder_kind(recipe.hybrid.encoder);
    return train_as(dataset, encoder, options, step, contents);
  }

  Status train_as(const Dataset& dataset, const Recipe& recipe, const TrainOptions& options,
                  std::string_view step, ModelContents& contents) const {
    const TrainContext context{dataset,
                               recipe,
                               options,
                               context_.factor_kernels,
                               context_.kernels,
                               context_.pool,
                               context_.checkpoint,
                               step};
    return train_encoder(context, contents);
  }

  Status train_further(const Dataset& dataset, std::vector<ItemWeights>& retrievers) const {
    const HybridRecipe& hybrid = context_.recipe.hybrid;
    std::vector<RecipeKind> kinds;
    if (hybrid.item_item) kinds.push_back(RecipeKind::kItemItem);
    if (hybrid.transitions) kinds.push_back(RecipeKind::kTransitions);
    for (const RecipeKind kind : kinds) {
      Recipe recipe = context_.recipe;
      recipe.kind = kind;
      ModelContents contents = empty_contents();
      Status status = train_as(dataset, recipe, context_.options, {}, contents);
      if (!status) return status;
      retrievers.push_back(std::move(*contents.item_weights));
    }
    return Done{};
  }

  Status add_ranker(const ModelContents& known, const std::vector<ItemWeights>& retrievers,
                    ModelContents& contents) const {
    const RankerRecipe& recipe = context_.recipe.ranker;
    const RankerInputs inputs{known,  retrievers,       split_,        context_.dataset.context,
                              order_, context_.kernels, context_.pool, context_.checkpoint};
    Result<RankerResult> trained = train_ranker(
        inputs, recipe, context_.options.seed, [&](std::uint32_t epoch, const RankerScore& score) {
          context_.report(
              {"ranker", epoch, recipe.epochs, "epoch", "validation ndcg@10", score.ndcg});
        });
    if (!trained) return trained.error();
    contents.ranker = std::move(trained->ranker);
    const bool reads_recency = std::ranges::any_of(
        contents.ranker->features,
        [](const FeatureView& feature) { return feature.source == FeatureSource::kRecency; });
    if (reads_recency) contents.ranker->recency = item_recency(context_.dataset);
    contents.facts.metrics.insert(contents.facts.metrics.end(), known.facts.metrics.begin(),
                                  known.facts.metrics.end());
    for (const std::string& column : trained->left_out) {
      if (context_.options.note) context_.options.note("no context: " + column);
    }
    add_metric(contents, "ranker epochs", trained->epochs);
    add_metric(contents, "ranker validation ndcg@10", trained->validation.ndcg);
    add_metric(contents, "ranker validation auc", trained->validation.auc);
    add_metric(contents, "retrieval validation ndcg@10", trained->retrieval.ndcg);
    add_metric(contents, "retrieval validation auc", trained->retrieval.auc);
    return Done{};
  }

  /// The encoder with all interactions; one that has vectors starts from those that it had without
  /// the targets.
  Status refit(const ModelContents& known, ModelContents& contents) const {
    TrainOptions options = context_.options;
    Recipe recipe = context_.recipe;
    const std::uint32_t epochs = recipe.ranker.refit_epochs;
    recipe.ials.epochs = epochs;
    recipe.two_tower.epochs = epochs;
    recipe.two_tower.validation_share = 0;
    recipe.two_tower.learning_rate *= kRefitRate;
    recipe.sequence.epochs = epochs;
    recipe.sequence.validation_share = 0;
    recipe.sequence.learning_rate *= kRefitRate;
    ModelContents all = empty_contents();
    Status status = Done{};
    if (known.item_weights) {
      status = train(context_.dataset, recipe, options, "refit", all);
    } else {
      const Result<std::vector<std::byte>> written = write_model(known);
      if (!written) return written.error();
      const Result<FileBytes> file = FileBytes::copy_of(*written);
      if (!file) return file.error();
      const Result<Model> start = Model::open(file->bytes());
      if (!start) return start.error();
      options.from = &*start;
      status = train(context_.dataset, recipe, options, "refit", all);
    }
    if (!status) return status;
    contents.dimension = all.dimension;
    contents.item_vectors = std::move(all.item_vectors);
    contents.fold_in = std::move(all.fold_in);
    contents.weighted_mean = std::move(all.weighted_mean);
    contents.item_weights = std::move(all.item_weights);
    contents.sequence = std::move(all.sequence);
    contents.event_types = std::move(all.event_types);
    return Done{};
  }

  const TrainContext& context_;
  TargetChoice order_;
  TargetSplit split_;
};

}  // namespace

Status train_hybrid(const TrainContext& context, ModelContents& contents) {
  return HybridTraining(context).run(contents);
}

}  // namespace palate::internal
