// Whether a tabular model makes sense: its columns, its network, its linear head.
#include <algorithm>
#include <cmath>

#include "model/check.h"
#include "model/limits.h"

namespace palate::internal {
namespace {

constexpr const char* kColumn = "a column of the tabular model";
constexpr const char* kModel = "the tabular model";

Verdict check_number(const format::TabularColumn& column, TabularColumnView& view) {
  view.scale = {.logarithmic = column.logarithmic(),
                .minimum = column.minimum(),
                .maximum = column.maximum(),
                .mean = column.mean(),
                .scale = column.scale()};
  view.has_missing = column.has_missing();
  view.width = view.has_missing ? 2 : 1;
  const NumberScale& scale = view.scale;
  if (!is_sane(scale.minimum) || !is_sane(scale.maximum) || !is_sane(scale.mean) ||
      !is_sane(scale.scale)) {
    return meaning_error(kColumn, "has a scale that is not finite or above 1e20");
  }
  if (scale.minimum > scale.maximum) return meaning_error(kColumn, "has its range turned round");
  return check_parameters(*column.weights(), view.width, kColumn, view.weights);
}

Verdict check_ascending(const TextsView& categories) {
  for (std::size_t row = 1; row < categories.size(); ++row) {
    if (!(categories[row - 1] < categories[row])) {
      return meaning_error(kColumn, "has categories that do not ascend");
    }
  }
  return kPassed;
}

Verdict check_categories(const format::TabularColumn& column, TabularColumnView& view) {
  const format::Texts* texts = column.categories();
  if (texts == nullptr || column.vectors() == nullptr) {
    return meaning_error(kColumn, "has no categories or no vectors for them");
  }
  const std::size_t rows = std::max<std::size_t>(texts->offsets()->size(), 1) - 1;
  Verdict verdict = check_texts(*texts, rows, 1, kMaxTextBytes, kColumn, view.categories);
  if (verdict) verdict = check_ascending(view.categories);
  if (!verdict) return verdict;
  view.width = column.width();
  if (view.width == 0 || view.width > kMaxDimension) {
    return meaning_error(kColumn, "has a width outside 1 to 1024");
  }
  const auto count = static_cast<std::uint32_t>(rows + 2);
  view.vectors = {count, view.width, {}};
  verdict = check_parameters(*column.vectors(), std::uint64_t{count} * view.width, kColumn,
                             view.vectors.values);
  return verdict ? check_parameters(*column.weights(), count, kColumn, view.weights) : verdict;
}

Verdict check_column(const format::TabularColumn& column, TabularColumnView& view) {
  view.name = text_of(*column.name());
  if (view.name.empty() || view.name.size() > kMaxIdBytes || !is_text(view.name)) {
    return meaning_error(kColumn, "has a name that is empty, too long or not UTF-8");
  }
  switch (column.kind()) {
    case format::AttributeKind::Category:
      view.kind = AttributeKind::kCategory;
      return check_categories(column, view);
    case format::AttributeKind::Number:
      view.kind = AttributeKind::kNumber;
      return check_number(column, view);
  }
  return unsupported_error("a column of a kind");
}

Verdict check_columns(const format::Tabular& tabular, MappedModel& mapped) {
  const std::uint32_t count = tabular.columns()->size();
  if (count == 0 || count > kMaxAttributes) {
    return meaning_error(kModel, "has not 1 to 256 columns");
  }
  if (!mapped.tabular_columns.allocate(count)) return memory_refused();
  const std::span<TabularColumnView> views = mapped.tabular_columns.span();
  std::uint32_t first = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Verdict verdict = check_column(*tabular.columns()->Get(i), views[i]);
    if (!verdict) return verdict;
    const auto same_name = [&](const TabularColumnView& other) {
      return other.name == views[i].name;
    };
    if (std::any_of(views.begin(), views.begin() + i, same_name)) {
      return meaning_error(kModel, "has two columns of one name");
    }
    views[i].first_input = first;
    first += views[i].width;
    if (first > kMaxInputs) return meaning_error(kModel, "has over 4096 inputs");
  }
  return kPassed;
}

// The largest magnitude that an input of the network can have.
double largest_input(const TabularColumnView& column) {
  if (column.kind == AttributeKind::kCategory) {
    return (column.categories.size() + 2.0) * kMaxMagnitude;  // each category once in a cell
  }
  const NumberScale& scale = column.scale;
  const double number = std::max(std::abs(scale.minimum), std::abs(scale.maximum));
  return std::max(1.0, (number + std::abs(scale.mean)) * std::abs(scale.scale));
}

Verdict check_layers(const format::Tabular& tabular, MappedModel& mapped) {
  const std::uint32_t count = tabular.layers()->size();
  if (count == 0 || count > kMaxLayers) return meaning_error(kModel, "has not 1 to 8 layers");
  if (!mapped.tabular_layers.allocate(count)) return memory_refused();
  const std::span<const TabularColumnView> columns = mapped.tabular_columns.span();
  std::uint32_t width = columns.back().first_input + columns.back().width;
  double largest = 0;
  for (const TabularColumnView& column : columns) {
    largest = std::max(largest, largest_input(column));
  }
  if (!(largest <= kMaxActivation)) return meaning_error(kModel, "could overflow");
  for (std::uint32_t i = 0; i < count; ++i) {
    DenseLayerView& view = mapped.tabular_layers.span()[i];
    Verdict verdict =
        check_layer(*tabular.layers()->Get(i), width, "a layer of the tabular model", view);
    if (!verdict) return verdict;
    largest = layer_bound(view, largest);
    if (!(largest <= kMaxActivation)) return meaning_error(kModel, "could overflow");
    width = view.outputs;
  }
  if (width != 1) return meaning_error(kModel, "has not one output");
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
  return unsupported_error("a tabular model with a target");
}

// A file without items has nothing to rank: what would is out of place.
Verdict check_without_items(const format::Model& model) {
  if (model.encoder_type() != format::Encoder::Popularity || model.item_vectors() != nullptr ||
      model.ranker() != nullptr || model.value_head() != nullptr) {
    return meaning_error("the catalogue", "has no item for what would rank them");
  }
  return kPassed;
}

}  // namespace

Verdict check_tabular(const format::Model& model, MappedModel& mapped) {
  if (model.tabular() == nullptr) return kPassed;
  if (mapped.items() == 0) {
    if (Verdict verdict = check_without_items(model); !verdict) return verdict;
  }
  const format::Tabular& tabular = *model.tabular();
  TabularView& view = mapped.tabular.emplace();
  view.label = text_of(*tabular.label());
  if (!is_text(view.label)) return meaning_error(kModel, "has a label that is no text");
  Verdict verdict = check_target(tabular.target(), view);
  if (verdict) verdict = check_columns(tabular, mapped);
  if (verdict) verdict = check_layers(tabular, mapped);
  if (!verdict) return verdict;
  view.columns = mapped.tabular_columns.span();
  view.layers = mapped.tabular_layers.span();
  view.bias = tabular.bias();
  if (!(std::abs(view.bias) <= kMaxMagnitude)) {
    return meaning_error(kModel, "has a bias that is not finite or above a million");
  }
  const std::uint64_t inputs = view.columns.back().first_input + view.columns.back().width;
  return check_parameters(*tabular.average(), inputs, kModel, view.average);
}

}  // namespace palate::internal
