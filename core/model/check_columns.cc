// Whether columns of features make sense: of a tabular model, of a ranker's context.
#include <algorithm>
#include <cmath>

#include "model/check.h"
#include "model/limits.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

constexpr const char* of_model(ColumnsOf of) {
  return of == ColumnsOf::kTabular ? "the tabular model"_words : "the ranker's context"_words;
}

constexpr const char* of_column(ColumnsOf of) {
  return of == ColumnsOf::kTabular ? "a column of the tabular model"_words
                                   : "a column of the ranker's context"_words;
}

Verdict check_number(const format::TabularColumn& column, ColumnsOf of, TabularColumnView& view) {
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
    return meaning_error(of_column(of), "has a scale that is not finite or above 1e20"_words);
  }
  if (scale.minimum > scale.maximum)
    return meaning_error(of_column(of), "has its range turned round"_words);
  if (of == ColumnsOf::kContext) return kPassed;
  return check_parameters(*column.weights(), view.width, of_column(of), view.weights);
}

Verdict check_ascending(const TextsView& categories, ColumnsOf of) {
  for (std::size_t row = 1; row < categories.size(); ++row) {
    if (!(categories[row - 1] < categories[row])) {
      return meaning_error(of_column(of), "has categories that do not ascend"_words);
    }
  }
  return kPassed;
}

Verdict check_categories(const format::TabularColumn& column, ColumnsOf of,
                         TabularColumnView& view) {
  const format::Texts* texts = column.categories();
  if (texts == nullptr || (of == ColumnsOf::kTabular && column.vectors() == nullptr)) {
    return meaning_error(of_column(of), "has no categories or no vectors for them"_words);
  }
  const std::size_t rows = std::max<std::size_t>(texts->offsets()->size(), 1) - 1;
  Verdict verdict = check_texts(*texts, rows, 1, kMaxTextBytes, of_column(of), view.categories);
  if (verdict) verdict = check_ascending(view.categories, of);
  if (!verdict || of == ColumnsOf::kContext) return verdict;
  view.width = column.width();
  if (view.width == 0 || view.width > kMaxDimension) {
    return meaning_error(of_column(of), "has a width outside 1 to 1024"_words);
  }
  const auto count = static_cast<std::uint32_t>(rows + 2);
  view.vectors = {count, view.width, {}};
  verdict = check_parameters(*column.vectors(), std::uint64_t{count} * view.width, of_column(of),
                             view.vectors.values);
  return verdict ? check_parameters(*column.weights(), count, of_column(of), view.weights)
                 : verdict;
}

Verdict check_column(const format::TabularColumn& column, ColumnsOf of, TabularColumnView& view) {
  view.name = text_of(*column.name());
  if (view.name.empty() || view.name.size() > kMaxIdBytes || !is_text(view.name)) {
    return meaning_error(of_column(of), "has a name that is empty, too long or not UTF-8"_words);
  }
  if (of == ColumnsOf::kTabular && column.weights() == nullptr) {
    return meaning_error(of_column(of), "has no weights"_words);
  }
  switch (column.kind()) {
    case format::AttributeKind::Category:
      view.kind = AttributeKind::kCategory;
      return check_categories(column, of, view);
    case format::AttributeKind::Number:
      view.kind = AttributeKind::kNumber;
      return check_number(column, of, view);
  }
  return unsupported_error("a column of a kind"_words);
}

}  // namespace

Verdict check_columns(
    const flatbuffers::Vector<flatbuffers::Offset<format::TabularColumn>>& columns, ColumnsOf of,
    FixedArray<TabularColumnView>& mapped) {
  const std::uint32_t count = columns.size();
  if (count == 0 || count > kMaxAttributes) {
    return meaning_error(of_model(of), "has not 1 to 256 columns"_words);
  }
  if (!mapped.allocate(count)) return memory_refused();
  const std::span<TabularColumnView> views = mapped.span();
  std::uint32_t first = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Verdict verdict = check_column(*columns.Get(i), of, views[i]);
    if (!verdict) return verdict;
    const auto same_name = [&](const TabularColumnView& other) {
      return other.name == views[i].name;
    };
    if (std::any_of(views.begin(), views.begin() + i, same_name)) {
      return meaning_error(of_model(of), "has two columns of one name"_words);
    }
    views[i].first_input = first;
    first += views[i].width;
    if (first > kMaxInputs) return meaning_error(of_model(of), "has over 4096 inputs"_words);
  }
  return kPassed;
}

double largest_input(const TabularColumnView& column) {
  if (column.kind == AttributeKind::kCategory) {
    return (column.categories.size() + 2.0) * kMaxMagnitude;  // each category once in a cell
  }
  const NumberScale& scale = column.scale;
  const double number = std::max(std::abs(scale.minimum), std::abs(scale.maximum));
  return std::max(1.0, (number + std::abs(scale.mean)) * std::abs(scale.scale));
}

}  // namespace palate::internal
