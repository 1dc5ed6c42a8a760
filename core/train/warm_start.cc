// The start of a training from an older model.
#include "train/warm_start.h"

#include <cstddef>
#include <optional>
#include <string>

namespace palate::internal {
namespace {

/// Of the item vectors that the recipe trains; 0: it has none.
std::uint32_t dimension_of(const Recipe& recipe) {
  switch (recipe.kind) {
    case RecipeKind::kIals:
      return recipe.ials.dimension;
    case RecipeKind::kTwoTower:
      return recipe.two_tower.dimension;
    case RecipeKind::kSequence:
      return recipe.sequence.dimension;
    case RecipeKind::kHybrid: {
      Recipe encoder = recipe;
      encoder.kind = encoder_kind(recipe.hybrid.encoder);
      return dimension_of(encoder);
    }
    case RecipeKind::kRating:
      return recipe.rating.dimension;
    default:
      return 0;
  }
}

}  // namespace

Status check_warm_start(const Recipe& recipe, const TrainOptions& options) {
  if (options.from == nullptr) return Done{};
  const std::uint32_t wanted = dimension_of(recipe);
  const std::uint32_t given = options.from->dimension();
  if (wanted == 0) {
    return Error{ErrorCode::kRequestInvalid,
                 "the recipe '" + recipe.name +
                     "' trains no item vectors, so it cannot start from an older model"};
  }
  if (given == 0) {
    return Error{ErrorCode::kRequestInvalid,
                 "the older model has no item vectors to start from; train without it"};
  }
  if (given == wanted) return Done{};
  return Error{ErrorCode::kRequestInvalid,
               "the older model's item vectors have " + std::to_string(given) +
                   " numbers, the recipe's " + std::to_string(wanted) +
                   "; give both the same dimension, or train without the older model"};
}

std::vector<KnownItem> items_of_old_model(const TrainContext& context, ModelContents& contents) {
  std::vector<KnownItem> known;
  if (context.options.from == nullptr) return known;
  for (std::size_t row = 0; row < contents.catalogue.ids.size(); ++row) {
    const std::optional<ItemIndex> item = context.options.from->find(contents.catalogue.ids[row]);
    if (item) known.push_back({row, to_row(*item)});
  }
  add_metric(contents, "items started from the older model", static_cast<double>(known.size()));
  return known;
}

void start_from_old_model(const TrainContext& context, std::span<float> item_vectors,
                          ModelContents& contents) {
  for (const KnownItem& item : items_of_old_model(context, contents)) {
    const TableView& old_vectors = context.options.from->item_vectors();
    old_vectors.read(item.old_row,
                     item_vectors.subspan(item.row * old_vectors.columns, old_vectors.columns));
  }
}

}  // namespace palate::internal
