// Whether a tabular model makes sense: its network, its linear head.
#include <algorithm>
#include <cmath>

#include "model/check.h"
#include "model/limits.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

constexpr const char* kModel = "the tabular model"_words;

Verdict check_layers(const format::Tabular& tabular, MappedModel& mapped) {
  const std::uint32_t count = tabular.layers()->size();
  if (count == 0 || count > kMaxLayers) return meaning_error(kModel, "has not 1 to 8 layers"_words);
  if (!mapped.tabular_layers.allocate(count)) return memory_refused();
  const std::span<const TabularColumnView> columns = mapped.tabular_columns.span();
  std::uint32_t width = columns.back().first_input + columns.back().width;
  double largest = 0;
  for (const TabularColumnView& column : columns) {
    largest = std::max(largest, largest_input(column));
  }
  if (!(largest <= kMaxActivation)) return meaning_error(kModel, "could overflow"_words);
  for (std::uint32_t i = 0; i < count; ++i) {
    DenseLayerView& view = mapped.tabular_layers.span()[i];
    Verdict verdict =
        check_layer(*tabular.layers()->Get(i), width, "a layer of the tabular model"_words, view);
    if (!verdict) return verdict;
    largest = layer_bound(view, largest);
    if (!(largest <= kMaxActivation)) return meaning_error(kModel, "could overflow"_words);
    width = view.outputs;
  }
  if (width != 1) return meaning_error(kModel, "has not one output"_words);
  return kPassed;
}

Verdict check_target(format::TabularTarget target, TabularView& view) {
  switch (target) {
    case format::TabularTarget::Probability:
      view.target = TabularTarget::kProbability;
      return kPassed;
    case format::TabularTarget::Value:
      view.target = TabularTarget::kValue;
      return kPassed;
  }
  return unsupported_error("a tabular model with a target"_words);
}

// A file without items has nothing to rank: what would is out of place.
Verdict check_without_items(const format::Model& model) {
  if (model.encoder_type() != format::Encoder::Popularity || model.item_vectors() != nullptr ||
      model.ranker() != nullptr || model.value_head() != nullptr) {
    return meaning_error("the catalogue"_words, "has no item for what would rank them"_words);
  }
  return kPassed;
}

}  // namespace

Verdict check_tabular(const format::Model& model, MappedModel& mapped) {
  if (mapped.items() == 0) {
    if (Verdict verdict = check_without_items(model); !verdict) return verdict;
  }
  const format::Tabular& tabular = *model.tabular();
  TabularView& view = mapped.tabular.emplace();
  view.label = text_of(*tabular.label());
  if (!is_text(view.label)) return meaning_error(kModel, "has a label that is no text"_words);
  Verdict verdict = check_target(tabular.target(), view);
  if (verdict) {
    verdict = check_columns(*tabular.columns(), ColumnsOf::kTabular, mapped.tabular_columns);
  }
  if (verdict) verdict = check_layers(tabular, mapped);
  if (!verdict) return verdict;
  view.columns = mapped.tabular_columns.span();
  view.layers = mapped.tabular_layers.span();
  view.bias = tabular.bias();
  if (!(std::abs(view.bias) <= kMaxMagnitude)) {
    return meaning_error(kModel, "has a bias that is not finite or above a million"_words);
  }
  const std::uint64_t inputs = view.columns.back().first_input + view.columns.back().width;
  return check_parameters(*tabular.average(), inputs, kModel, view.average);
}

}  // namespace palate::internal
