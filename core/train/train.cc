// The trainer: a dataset and a recipe go in, the contents of a model file come out.
#include "palate/train.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "train/ials/ials.h"
#include "train/ials/user_solver.h"
#include "train/instruction_set.h"
#include "train/parallel.h"
#include "train/ranker/ranker_trainer.h"
#include "train/sparse_rows.h"
#include "train/value_head.h"

namespace palate {
namespace {

using internal::InstructionSet;
using internal::SparseRows;
using internal::ThreadPool;

/// One training: what it reads, and the contents that grow step by step.
class Training {
 public:
  Training(const Dataset& dataset, const Recipe& recipe, const TrainOptions& options,
           const InstructionSet& instructions)
      : dataset_(dataset),
        recipe_(recipe),
        options_(options),
        instructions_(instructions),
        pool_(options.threads) {}

  Result<ModelContents> run() {
    contents_.catalogue = dataset_.catalogue;
    state_facts();
    if (recipe_.kind == RecipeKind::kIals) train_ials();
    if (recipe_.kind == RecipeKind::kHybrid) train_hybrid();
    if (!std::isfinite(objective_)) {
      return Error{ErrorCode::kRecipeInvalid,
                   "the item vectors grew beyond all numbers; raise ials.regularization"};
    }
    if (has_value()) train_value_head();
    return std::move(contents_);
  }

 private:
  void state_facts() {
    TrainingFacts& facts = contents_.facts;
    facts.recipe = recipe_.name;
    facts.recipe_toml = recipe_.toml;
    facts.instruction_set = instructions_.name;
    facts.users = dataset_.histories.user_count();
    facts.interactions = dataset_.histories.events.size();
    facts.seed = options_.seed;
    for (const Event& event : dataset_.histories.events) {
      facts.newest_ms = std::max(facts.newest_ms, event.time_ms);
    }
  }

  void train_ials() {
    const SparseRows users = internal::rows_of(dataset_.histories);
    run_ials(users, recipe_.ials.epochs, {}, "ials");
    finish_retrieval();
  }

  /// Item vectors without the targets, the ranker on top of them, then a few more epochs with the
  /// targets: the vectors stay in the ranker's coordinates, and nothing is lost to the hold-out.
  void train_hybrid() {
    const SparseRows users = internal::rows_of(dataset_.histories);
    const internal::TargetSplit split =
        internal::hold_out_targets(users, recipe_.ranker.target_share, options_.seed);
    run_ials(split.known, recipe_.ials.epochs, {}, "ials");
    if (!std::isfinite(objective_)) return;
    train_ranker(split);
    run_ials(users, recipe_.ranker.refit_epochs, std::move(contents_.item_vectors), "refit");
    finish_retrieval();
  }

  /// Epochs of iALS from the given item vectors, or from random ones.
  void run_ials(const SparseRows& users, std::uint32_t epochs, std::vector<float> start,
                std::string_view stage) {
    const SparseRows items = internal::transpose(users, dataset_.catalogue.ids.size());
    internal::Ials ials(users, items, recipe_.ials, kernels(), pool_, options_.seed);
    if (!start.empty()) ials.item_vectors() = std::move(start);
    for (std::uint32_t epoch = 1; epoch <= epochs; ++epoch) {
      objective_ = ials.run_epoch();
      report({stage, epoch, epochs, "epoch", "objective", objective_});
    }
    contents_.item_vectors = std::move(ials.item_vectors());
  }

  void train_ranker(const internal::TargetSplit& split) {
    const internal::UserSolver solver(contents_.item_vectors, recipe_.ials, kernels(), pool_);
    const internal::RankerInputs inputs{dataset_.catalogue, split, contents_.item_vectors, solver,
                                        kernels(),          pool_};
    internal::RankerResult result =
        internal::train_ranker(inputs, recipe_.ranker, options_.seed,
                               [&](std::uint32_t epoch, const internal::RankerScore& score) {
                                 report({"ranker", epoch, recipe_.ranker.epochs, "epoch",
                                         "validation ndcg@10", score.ndcg});
                               });
    contents_.ranker = std::move(result.ranker);
    add_metric("ranker epochs", result.epochs);
    add_metric("ranker validation ndcg@10", result.validation.ndcg);
    add_metric("ranker validation auc", result.validation.auc);
    add_metric("retrieval validation ndcg@10", result.retrieval.ndcg);
    add_metric("retrieval validation auc", result.retrieval.auc);
  }

  void finish_retrieval() {
    contents_.dimension = recipe_.ials.dimension;
    contents_.fold_in =
        internal::fold_in_of(contents_.item_vectors, recipe_.ials, kernels(), pool_);
    add_metric("ials objective", objective_);
  }

  bool has_value() const {
    const std::vector<Event>& events = dataset_.histories.events;
    return dataset_.has_values && std::any_of(events.begin(), events.end(), [](const Event& event) {
             return !std::isnan(event.value);
           });
  }

  void train_value_head() {
    contents_.value_head = internal::train_biases(dataset_, recipe_.values);
    if (recipe_.kind == RecipeKind::kPopular) return;
    const internal::UserSolver solver(contents_.item_vectors, recipe_.ials, kernels(), pool_);
    const internal::SlopeFit fit =
        internal::fit_slope(dataset_, solver, contents_.item_vectors, recipe_.values, options_.seed,
                            pool_, *contents_.value_head);
    if (fit.count > 0) add_metric("held-out value rmse", fit.rmse);
  }

  void add_metric(std::string_view name, double value) {
    contents_.facts.metrics.push_back({std::string(name), value});
  }

  void report(const Progress& progress) const {
    if (options_.progress) options_.progress(progress);
  }

  const internal::Kernels& kernels() const { return *instructions_.kernels; }

  const Dataset& dataset_;
  const Recipe& recipe_;
  const TrainOptions& options_;
  const InstructionSet& instructions_;
  ThreadPool pool_;
  ModelContents contents_;
  double objective_ = 0;
};

}  // namespace

Result<ModelContents> train(const Dataset& dataset, const Recipe& recipe,
                            const TrainOptions& options) {
  if (dataset.histories.events.empty()) {
    return Error{ErrorCode::kDataEmpty, "there is no interaction to train on"};
  }
  const Result<InstructionSet> instructions = internal::choose_instruction_set();
  if (!instructions) return instructions.error();
  return Training(dataset, recipe, options, *instructions).run();
}

}  // namespace palate
