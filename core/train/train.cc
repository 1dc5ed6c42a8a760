// The trainer: a dataset and a recipe go in, the contents of a model file come out.
#include "palate/train.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "train/ials/ials.h"
#include "train/ials/user_solver.h"
#include "train/instruction_set.h"
#include "train/parallel.h"
#include "train/sparse_rows.h"
#include "train/value_head.h"

namespace palate {
namespace {

using internal::InstructionSet;
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

  ModelContents run() {
    contents_.catalogue = dataset_.catalogue;
    state_facts();
    if (recipe_.kind != RecipeKind::kPopular) train_ials();
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
    const internal::SparseRows users = internal::rows_of(dataset_.histories);
    const internal::SparseRows items = internal::transpose(users, dataset_.catalogue.ids.size());
    internal::Ials ials(users, items, recipe_.ials, *instructions_.kernels, pool_, options_.seed);
    double objective = 0;
    for (std::uint32_t epoch = 1; epoch <= recipe_.ials.epochs; ++epoch) {
      objective = ials.run_epoch();
      report({"ials", epoch, recipe_.ials.epochs, "epoch", "objective", objective});
    }
    contents_.dimension = recipe_.ials.dimension;
    contents_.item_vectors = std::move(ials.item_vectors());
    contents_.fold_in =
        internal::fold_in_of(contents_.item_vectors, recipe_.ials, *instructions_.kernels, pool_);
    add_metric("ials objective", objective);
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
    const internal::UserSolver solver(contents_.item_vectors, recipe_.ials, *instructions_.kernels,
                                      pool_);
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

  const Dataset& dataset_;
  const Recipe& recipe_;
  const TrainOptions& options_;
  const InstructionSet& instructions_;
  ThreadPool pool_;
  ModelContents contents_;
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
