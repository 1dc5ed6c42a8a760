// Which columns of the catalogue the ranker sees, and the columns themselves.
#include "train/ranker/features.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "model/portable_math.h"

namespace palate::internal {
namespace {

/// Of two normally distributed numbers, in standard deviations.
constexpr double kMeanDistance = 1.1283791670955126;

/// By place: what of late means.
constexpr float kDecayOfLate = 0.7F;

/// Mean and standard deviation of the numbers that are there.
struct Moments {
  double mean = 0;
  double deviation = 0;
  std::size_t count = 0;
};

Moments moments_of(std::span<const float> numbers) {
  Moments moments;
  double sum = 0;
  for (const float x : numbers) {
    if (std::isnan(x)) continue;
    sum += x;
    ++moments.count;
  }
  if (moments.count == 0) return moments;
  moments.mean = sum / static_cast<double>(moments.count);
  double squared = 0;
  for (const float x : numbers) {
    if (!std::isnan(x)) squared += (x - moments.mean) * (x - moments.mean);
  }
  moments.deviation = std::sqrt(squared / static_cast<double>(moments.count));
  return moments;
}

float log_popularity(double popularity) { return static_cast<float>(portable_log1p(popularity)); }

/// Adds a standardised column, if its numbers differ at all.
void add_standardised(FeatureView feature, const Moments& moments,
                      std::vector<FeatureView>& features) {
  const double smallest = 1e-6 * std::max(1e-6, std::abs(moments.mean));
  if (moments.deviation <= smallest) return;
  feature.mean = static_cast<float>(moments.mean);
  feature.scale = static_cast<float>(1 / moments.deviation);
  features.push_back(feature);
}

void add_numbers(const Attribute& attribute, std::uint32_t index,
                 std::vector<FeatureView>& features) {
  const Moments moments = moments_of(attribute.numbers);
  add_standardised({FeatureSource::kNumber, index}, moments, features);
  if (moments.count > 0 && moments.count < attribute.numbers.size()) {
    features.push_back({FeatureSource::kMissing, index});
  }
}

/// The most frequent categories of all attributes; ties: the first attribute, the first category.
void add_categories(const Catalogue& catalogue, const RankerRecipe& recipe,
                    std::vector<FeatureView>& features) {
  std::vector<std::pair<std::uint32_t, FeatureView>> counted;
  for (std::uint32_t a = 0; a < catalogue.attributes.size(); ++a) {
    const Attribute& attribute = catalogue.attributes[a];
    std::vector<std::uint32_t> items(attribute.categories.size(), 0);
    for (const std::uint32_t category : attribute.entries) ++items[category];
    for (std::uint32_t c = 0; c < items.size(); ++c) {
      // A category of every item tells nothing.
      if (items[c] < recipe.min_category_items || items[c] == catalogue.ids.size()) continue;
      counted.emplace_back(items[c], FeatureView{FeatureSource::kCategory, a, c});
    }
  }
  std::stable_sort(counted.begin(), counted.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  counted.resize(std::min<std::size_t>(counted.size(), recipe.max_categories));
  for (const auto& [items, feature] : counted) features.push_back(feature);
}

/// How near an item is to the newest items of a history, and to all of it.
void add_nearness(const Attribute& attribute, std::uint32_t index,
                  std::vector<FeatureView>& features) {
  FeatureView feature{.source = FeatureSource::kAffinity, .attribute = index};
  if (attribute.kind == AttributeKind::kNumber) {
    const Moments moments = moments_of(attribute.numbers);
    if (moments.deviation == 0) return;
    feature.source = FeatureSource::kDistance;
    feature.mean = static_cast<float>(kMeanDistance * moments.deviation);
    feature.scale = static_cast<float>(1 / moments.deviation);
  }
  for (const float decay : {kDecayOfLate, 1.0F}) {
    feature.decay = decay;
    features.push_back(feature);
  }
}

/// Fills one column, given what the feature takes from an item.
template <class Source>
void fill(std::span<float> table, std::size_t width, std::size_t column, const FeatureView& feature,
          const Source& source) {
  for (std::size_t item = 0; item * width < table.size(); ++item) {
    table[item * width + column] = (source(item) - feature.mean) * feature.scale;
  }
}

void fill_category(const Attribute& attribute, const FeatureView& feature, std::size_t width,
                   std::size_t column, std::span<float> table) {
  fill(table, width, column, feature, [&](std::size_t item) {
    const auto begin = attribute.entries.begin() + attribute.offsets[item];
    const auto end = attribute.entries.begin() + attribute.offsets[item + 1];
    return std::find(begin, end, feature.category) == end ? 0.0F : 1.0F;
  });
}

}  // namespace

std::vector<FeatureView> choose_features(const Catalogue& catalogue,
                                         std::span<const std::uint8_t> recency,
                                         const RankerRecipe& recipe) {
  std::vector<FeatureView> features = {{FeatureSource::kRetrievalScore}};
  std::vector<float> popularity(catalogue.popularity.size());
  std::transform(catalogue.popularity.begin(), catalogue.popularity.end(), popularity.begin(),
                 [](std::uint32_t count) { return log_popularity(count); });
  add_standardised({FeatureSource::kPopularity}, moments_of(popularity), features);
  std::vector<float> shares(recency.size());
  std::transform(recency.begin(), recency.end(), shares.begin(), recency_of);
  add_standardised({FeatureSource::kRecency}, moments_of(shares), features);
  for (std::uint32_t a = 0; a < catalogue.attributes.size(); ++a) {
    const Attribute& attribute = catalogue.attributes[a];
    if (attribute.kind == AttributeKind::kNumber) add_numbers(attribute, a, features);
  }
  add_categories(catalogue, recipe, features);
  return features;
}

void add_visitor_features(const Catalogue& catalogue, const RankerRecipe& recipe,
                          std::size_t retrievers, std::vector<FeatureView>& features) {
  for (std::uint32_t r = 0; r < retrievers; ++r) {
    features.push_back({.source = FeatureSource::kFurtherScore, .retriever = r});
  }
  if (!recipe.history_features) return;
  for (std::uint32_t a = 0; a < catalogue.attributes.size(); ++a) {
    add_nearness(catalogue.attributes[a], a, features);
  }
  features.push_back({.source = FeatureSource::kHistoryLength});
}

void add_context_features(std::span<const TabularColumn> context,
                          std::vector<FeatureView>& features) {
  for (std::uint32_t c = 0; c < context.size(); ++c) {
    if (context[c].kind == AttributeKind::kNumber) {
      features.push_back({FeatureSource::kContextNumber, c});
      features.push_back({FeatureSource::kContextKnown, c});
    }
    for (std::uint32_t category = 0; category < context[c].categories.size(); ++category) {
      features.push_back({FeatureSource::kContextCategory, c, category});
    }
  }
}

std::vector<float> feature_table(const Catalogue& catalogue, const ItemStatistics& statistics,
                                 std::span<const FeatureView> features) {
  const std::size_t width = features.size();
  std::vector<float> table(catalogue.ids.size() * width, 0.0F);
  for (std::size_t column = 0; column < width; ++column) {
    const FeatureView& feature = features[column];
    switch (feature.source) {
      case FeatureSource::kPopularity:
        fill(table, width, column, feature,
             [&](std::size_t item) { return log_popularity(statistics.popularity[item]); });
        break;
      case FeatureSource::kRecency:
        fill(table, width, column, feature,
             [&](std::size_t item) { return recency_of(statistics.recency[item]); });
        break;
      case FeatureSource::kNumber:
        fill(table, width, column, feature, [&](std::size_t item) {
          const float number = catalogue.attributes[feature.attribute].numbers[item];
          return std::isnan(number) ? feature.mean : number;
        });
        break;
      case FeatureSource::kMissing:
        fill(table, width, column, feature, [&](std::size_t item) {
          return std::isnan(catalogue.attributes[feature.attribute].numbers[item]) ? 1.0F : 0.0F;
        });
        break;
      case FeatureSource::kCategory:
        fill_category(catalogue.attributes[feature.attribute], feature, width, column, table);
        break;
      default:
        break;  // of the visitor or the context
    }
  }
  return table;
}

}  // namespace palate::internal
