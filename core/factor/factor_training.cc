// A small factor model from rows in memory, on one thread.
#include <string>
#include <utility>

#include "factor/facts.h"
#include "factor/ials_training.h"
#include "factor/kernels/factor_kernels.h"
#include "factor/recipe_text.h"
#include "factor/value_head.h"
#include "log/chunks.h"
#include "model/writer.h"
#include "palate/factor.h"

namespace palate {

struct FactorTraining::State {
  State(Dataset data, const FactorRecipe& how, std::string_view set)
      : dataset(std::move(data)),
        recipe(how),
        instruction_set(set),
        training(dataset, recipe.ials, internal::kGenericFactorKernels, workers, recipe.seed) {}

  Dataset dataset;
  FactorRecipe recipe;
  std::string instruction_set;
  internal::OneThread workers;
  internal::IalsTraining training;
};

FactorTraining::FactorTraining(std::unique_ptr<State> state) : state_(std::move(state)) {}
FactorTraining::FactorTraining(FactorTraining&&) noexcept = default;
FactorTraining::~FactorTraining() = default;

Result<FactorTraining> FactorTraining::create(const InteractionLog& log, const Catalogue& items,
                                              const FactorRecipe& recipe,
                                              std::string_view instruction_set) {
  CleanReport cleaning;
  const Result<InteractionLog> cleaned = clean(log, recipe.data, cleaning);
  if (!cleaned) return cleaned.error();
  JoinReport join;
  return FactorTraining(
      std::make_unique<State>(make_dataset(*cleaned, items, join), recipe, instruction_set));
}

std::uint32_t FactorTraining::epochs() const { return state_->training.ials().epochs(); }

void FactorTraining::run_epoch() { state_->training.ials().run_epoch(); }

Result<std::vector<std::byte>> FactorTraining::model() {
  const auto& [dataset, recipe, instruction_set, workers, training] = *state_;
  ModelContents contents;
  contents.catalogue = dataset.catalogue;
  contents.facts = internal::facts_of(dataset);
  contents.facts.recipe = "ials";
  contents.facts.recipe_toml = internal::recipe_text(recipe);
  contents.facts.instruction_set = instruction_set;
  contents.facts.seed = recipe.seed;
  if (Status finished = state_->training.finish(contents); !finished) return finished.error();
  internal::add_value_head(dataset, recipe.values, recipe.ials, recipe.seed,
                           internal::kGenericFactorKernels, state_->workers, contents);
  return internal::write_unopened(contents);
}

}  // namespace palate
