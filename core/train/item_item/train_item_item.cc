// The recipe item-item: which solver it takes, and what that one needs.
#include <sstream>
#include <string>
#include <utility>

#include "train/item_item/item_item.h"

namespace palate::internal {
namespace {

constexpr double kGib = 1024.0 * 1024 * 1024;

std::string gib_text(double bytes) {
  std::ostringstream text;
  text.precision(3);
  text << bytes / kGib << " GiB";
  return text.str();
}

/// What the dense solver would take, for the one who waits or has to choose.
std::string dense_cost(std::uint64_t items) {
  const auto bytes = static_cast<double>(dense_bytes(items));
  return "the inverse for " + std::to_string(items) + " items takes " +
         std::to_string(dense_bytes(items)) + " bytes (" + gib_text(bytes) + ")";
}

}  // namespace

Error no_inverse() {
  return {ErrorCode::kRecipeInvalid,
          "the items' matrix has no inverse; raise item_item.regularization"};
}

Status train_item_item(const TrainContext& context, ModelContents& contents) {
  const ItemItemRecipe& recipe = context.recipe.item_item;
  const std::uint64_t items = context.dataset.catalogue.ids.size();
  const double limit = recipe.max_memory_gib * kGib;
  const bool fits = static_cast<double>(dense_bytes(items)) <= limit;
  const std::string budget = ", item_item.max_memory_gib allows " + gib_text(limit);
  if (recipe.solver == ItemItemSolver::kDense && !fits) {
    return Error{ErrorCode::kRecipeInvalid,
                 dense_cost(items) + budget +
                     R"(; raise it, or take item_item.solver = "auto" or "sparse")"};
  }
  const bool dense = recipe.solver != ItemItemSolver::kSparse && fits;
  context.note("item-item: " + std::string(dense ? "dense" : "sparse") + " solver; " +
               dense_cost(items) + budget);
  const ItemRegression regression(context.dataset.histories, items, recipe);
  Result<ItemWeights> weights =
      dense ? solve_densely(regression, context) : solve_sparsely(regression, context);
  if (!weights) return weights.error();
  add_metric(contents, "weights an item",
             static_cast<double>(weights->values.size()) / static_cast<double>(items));
  contents.item_weights = std::move(*weights);
  return Done{};
}

}  // namespace palate::internal
