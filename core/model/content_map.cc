// Mapping a content map, and whether it makes sense.
#include "model/content_map.h"

#include "model/check.h"
#include "model/file_header.h"

namespace palate {
namespace {

using internal::kPassed;
using internal::meaning_error;
using internal::span_of;
using internal::Verdict;

constexpr const char* kContentMap = "the content map";

bool are_sane(std::span<const float> numbers) {
  return internal::is_sane(internal::largest_magnitude(numbers));
}

// The number of columns goes into `columns`.
Verdict check_columns(const Model& model, const ContentMapView& view, std::uint64_t& columns) {
  const std::span<const AttributeView> attributes = model.attributes();
  if (view.columns.size() != attributes.size() || view.means.size() != attributes.size() ||
      view.scales.size() != attributes.size()) {
    return meaning_error(kContentMap, "has not one entry an attribute");
  }
  for (std::size_t a = 0; a < attributes.size(); ++a) {
    const bool is_number = attributes[a].kind == AttributeKind::kNumber;
    if (is_number ? view.columns[a] != 1 : view.columns[a] > attributes[a].categories.size()) {
      return meaning_error(kContentMap, "has columns that its attributes lack");
    }
    columns += view.columns[a];
  }
  if (!are_sane(view.means) || !are_sane(view.scales)) {
    return meaning_error(kContentMap, "has a number that is not finite or above 1e20");
  }
  return kPassed;
}

Verdict check_content_map(const Model& model, const format::ContentMap& map, ContentMapView& view) {
  if (model.item_vectors().rows == 0) return meaning_error(kContentMap, "has no item table");
  view.columns = span_of(map.columns());
  view.means = span_of(map.means());
  view.scales = span_of(map.scales());
  std::uint64_t columns = 0;
  if (Verdict verdict = check_columns(model, view, columns); !verdict) return verdict;
  const std::uint64_t outputs = internal::content_outputs(model);
  Verdict verdict = internal::check_parameters(*map.base(), outputs, kContentMap, view.base);
  if (!verdict) return verdict;
  return internal::check_parameters(*map.coefficients(), columns * outputs, kContentMap,
                                    view.coefficients);
}

}  // namespace

std::size_t internal::content_outputs(const Model& model) {
  const WeightedMeanView* mean = model.weighted_mean();
  const ValueFoldInView* values = model.value_fold_in();
  std::size_t tables = 1;
  if (mean != nullptr && !mean->history_vectors.is(model.item_vectors())) ++tables;
  if (values != nullptr && values->implicit_vectors.rows > 0) ++tables;
  return tables * model.dimension() + (model.value_head() != nullptr ? 1 : 0);
}

Result<std::optional<ContentMapView>> content_map_of(const Model& model) {
  const std::byte* body = model.bytes().subspan(internal::kHeaderBytes).data();
  const format::ContentMap* map = format::GetModel(body)->content_map();
  if (map == nullptr) return std::optional<ContentMapView>();
  ContentMapView view;
  const Verdict verdict = check_content_map(model, *map, view);
  if (!verdict) return internal::error_of(verdict);
  return std::optional(view);
}

}  // namespace palate
