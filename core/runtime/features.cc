// Feature columns: constants, numbers and one-hot categories.
#include "runtime/features.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "model/portable_math.h"
#include "model/sentence.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

constexpr std::uint32_t kNoColumn = std::numeric_limits<std::uint32_t>::max();

float scaled(const FeatureView& feature, float x) { return (x - feature.mean) * feature.scale; }

std::string text_of_twins(std::size_t one, std::size_t other) {
  return sentence({"features "_words, Digits(one), " and "_words, Digits(other),
                   " of the ranker are the same category"_words});
}

}  // namespace

Result<ItemFeatures> ItemFeatures::create(const Model& model,
                                          std::span<const FeatureView> features) {
  ItemFeatures item_features(model, features);
  if (Status status = item_features.reserve(); !status) return status.error();
  if (Status status = item_features.map_categories(); !status) return status.error();
  return item_features;
}

Status ItemFeatures::reserve() {
  const std::span<const AttributeView> attributes = model_->attributes();
  if (Status status = absent_.reserve(features_.size()); !status) return status;
  if (Status status = column_starts_.reserve(attributes.size()); !status) return status;
  std::size_t categories = 0;
  for (std::size_t a = 0; a < attributes.size(); ++a) {
    column_starts_[a] = static_cast<std::uint32_t>(categories);
    categories += attributes[a].categories.size();
  }
  if (Status status = columns_.reserve(categories); !status) return status;
  const std::span<std::uint32_t> columns = columns_.first(categories);
  std::fill(columns.begin(), columns.end(), kNoColumn);
  return Done{};
}

Status ItemFeatures::map_categories() {
  for (std::size_t f = 0; f < features_.size(); ++f) {
    const FeatureView& feature = features_[f];
    absent_[f] = scaled(feature, 0.0F);
    if (feature.source != FeatureSource::kCategory) continue;
    std::uint32_t& column = columns_[column_starts_[feature.attribute] + feature.category];
    if (column != kNoColumn) {
      return error_in_words<&text_of_twins>(ErrorCode::kModelMeaning, std::size_t{column}, f);
    }
    column = static_cast<std::uint32_t>(f);
  }
  return Done{};
}

void ItemFeatures::write(ItemIndex item, std::span<float> columns) const {
  assert(columns.size() == size());
  const std::span<const AttributeView> attributes = model_->attributes();
  std::copy_n(absent_.data(), size(), columns.begin());
  for (std::size_t f = 0; f < size(); ++f) {
    const FeatureView& feature = features_[f];
    switch (feature.source) {
      case FeatureSource::kPopularity:
        columns[f] = scaled(
            feature,
            static_cast<float>(portable_log1p(static_cast<double>(model_->popularity(item)))));
        break;
      case FeatureSource::kRecency:
        columns[f] = scaled(feature, recency_of(model_->ranker()->recency[to_row(item)]));
        break;
      case FeatureSource::kNumber: {
        const float number = attributes[feature.attribute].numbers[to_row(item)];
        columns[f] = std::isnan(number) ? 0.0F : scaled(feature, number);
        break;
      }
      case FeatureSource::kMissing:
        columns[f] = scaled(
            feature, std::isnan(attributes[feature.attribute].numbers[to_row(item)]) ? 1.0F : 0.0F);
        break;
      default:
        break;  // categories: below, all of an attribute at once
    }
  }
  for (std::size_t a = 0; a < attributes.size(); ++a) {
    for (const std::uint32_t category : attributes[a].entries_of(item)) {
      const std::uint32_t column = columns_[column_starts_[a] + category];
      if (column != kNoColumn) columns[column] = scaled(features_[column], 1.0F);
    }
  }
}

}  // namespace palate::internal
