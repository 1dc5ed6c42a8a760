// The context of the events that a ranker learns from.
#include "train/ranker/training_context.h"

#include <numeric>

#include "runtime/context.h"

namespace palate::internal {
namespace {

std::size_t rows_of(const Attribute& column) {
  return column.kind == AttributeKind::kNumber ? column.numbers.size() : column.offsets.size() - 1;
}

}  // namespace

TrainingContext::TrainingContext(std::span<const Attribute> log, const RankerRecipe& recipe) {
  if (log.empty() || !recipe.context) return;
  std::vector<std::uint32_t> all(rows_of(log.front()));
  std::iota(all.begin(), all.end(), 0U);
  const FeatureOptions options{.min_count = recipe.min_context_rows,
                               .max_categories = recipe.max_context_categories};
  columns_ = fit_columns(log, all, options, left_out_);
  cells_ = encode(log, all.size(), columns_);
}

void TrainingContext::write(std::span<const FeatureView> features, std::size_t event,
                            std::span<float> columns) const {
  for (std::size_t f = 0; f < features.size(); ++f) {
    const FeatureView& feature = features[f];
    if (!is_of_context(feature.source)) continue;
    columns[f] = context_column(feature, columns_[feature.attribute].scale,
                                cells_[feature.attribute].view(), event);
  }
}

}  // namespace palate::internal
