// Which new items have a place, and where it is.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "model/content_map.h"
#include "new_items/content_row.h"
#include "new_items/grown_file.h"
#include "new_items/matched_attributes.h"
#include "palate/new_items.h"

namespace palate {
namespace {

using internal::ContentColumns;
using internal::ContentRow;
using internal::MatchedAttribute;

/// Finds the outputs of new items, with a content map or without.
class Places {
 public:
  Places(const Model& model, const NewItems& items, const std::optional<ContentMapView>& map,
         std::span<const MatchedAttribute> attributes)
      : model_(model), items_(items), map_(map), attributes_(attributes) {
    const WeightedMeanView* mean = model.weighted_mean();
    has_history_vectors_ = mean != nullptr && !mean->history_vectors.is(model.item_vectors());
    width_ = internal::content_outputs(model);
    if (map) columns_.emplace(map->columns, map->means, map->scales);
  }

  std::size_t width() const { return width_; }

  /// Appends the item's outputs where it has a place.
  Placement find(std::size_t item, std::vector<float>& outputs) const {
    if (model_.find(items_.catalogue.ids[item])) return Placement::kKnown;
    if (model_.item_vectors().rows == 0) return Placement::kNoVectors;
    const std::span<const float> vector = vector_of(item);
    if (!vector.empty() && vector.size() != model_.dimension()) return Placement::kOtherDimension;
    const ContentRow row = row_of(item);
    if (row.empty()) {
      if (vector.empty()) return map_ ? Placement::kNothingKnown : Placement::kNoMap;
      if (has_history_vectors_) return Placement::kNoHistoryVector;
    }
    std::vector<float> own(width_);
    if (!row.empty()) own = internal::mapped_row(*map_, row);
    std::copy(vector.begin(), vector.end(), own.begin());
    if (!std::all_of(own.begin(), own.end(),
                     [](float number) { return std::abs(number) <= kMaxMagnitude; })) {
      return Placement::kTooLarge;
    }
    outputs.insert(outputs.end(), own.begin(), own.end());
    return Placement::kPlaced;
  }

 private:
  std::span<const float> vector_of(std::size_t item) const {
    if (items_.vectors.empty()) return {};
    const auto row = std::span(items_.vectors).subspan(item * items_.dimension, items_.dimension);
    const auto end =
        std::find_if(row.begin(), row.end(), [](float number) { return std::isnan(number); });
    return row.first(static_cast<std::size_t>(end - row.begin()));
  }

  /// Empty without a map.
  ContentRow row_of(std::size_t item) const {
    ContentRow row;
    if (!columns_) return row;
    for (std::size_t a = 0; a < attributes_.size(); ++a) {
      const MatchedAttribute& attribute = attributes_[a];
      if (attribute.given == nullptr) continue;
      if (attribute.given->kind == AttributeKind::kNumber) {
        columns_->add_number(a, attribute.given->numbers[item], row);
      }
      for (const std::uint32_t entry : attribute.entries_of(item)) {
        columns_->add_category(a, attribute.rows[entry], row);
      }
    }
    return row;
  }

  const Model& model_;
  const NewItems& items_;
  const std::optional<ContentMapView>& map_;
  std::span<const MatchedAttribute> attributes_;
  std::optional<ContentColumns> columns_;
  bool has_history_vectors_ = false;
  std::size_t width_ = 0;
};

/// The items by id, byte by byte: the order of equal popularity.
std::vector<std::size_t> by_id(const std::vector<std::string>& ids) {
  std::vector<std::size_t> items(ids.size());
  for (std::size_t item = 0; item < items.size(); ++item) items[item] = item;
  std::sort(items.begin(), items.end(),
            [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  return items;
}

}  // namespace

Result<PlacedItems> place_new_items(const Model& model, const NewItems& items,
                                    ContentMapStays stays) {
  const Result<std::optional<ContentMapView>> map = content_map_of(model);
  if (!map) return map.error();
  std::vector<MatchedAttribute> attributes = internal::match_attributes(model, items.catalogue);
  const Places places(model, items, *map, attributes);
  PlacedItems placed{std::vector<Placement>(items.catalogue.ids.size()), {}};
  std::vector<std::size_t> rows;
  std::vector<float> outputs;
  for (const std::size_t item : by_id(items.catalogue.ids)) {
    placed.placements[item] = places.find(item, outputs);
    if (placed.placements[item] == Placement::kPlaced) rows.push_back(item);
  }
  if (rows.empty()) return placed;
  Result<std::vector<std::byte>> file = internal::grown_file(
      model, items.catalogue, std::move(attributes), {rows, outputs, places.width()}, stays);
  if (!file) return file.error();
  placed.model = std::move(*file);
  return placed;
}

}  // namespace palate
