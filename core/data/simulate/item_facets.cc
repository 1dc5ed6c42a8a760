// What simulated visitors look at: a catalogue's attributes, made comparable.
#include "data/simulate/item_facets.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace palate::internal {
namespace {

constexpr double kTopicWeight = 2.4;
constexpr double kCategoryWeight = 0.6;
constexpr double kNumberWeight = 1.2;

bool name_holds(const Attribute& attribute, std::initializer_list<std::string_view> words) {
  std::string name = attribute.name;
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::ranges::any_of(
      words, [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

bool is_votes(const Attribute& attribute) {
  return attribute.kind == AttributeKind::kNumber && name_holds(attribute, {"votes", "popularity"});
}

/// Item numbers with a value, the lowest value first.
std::vector<std::uint32_t> ascending(const std::vector<float>& values) {
  std::vector<std::uint32_t> order;
  for (std::size_t item = 0; item < values.size(); ++item) {
    if (!std::isnan(values[item])) order.push_back(static_cast<std::uint32_t>(item));
  }
  std::ranges::stable_sort(order, {}, [&](std::uint32_t item) { return values[item]; });
  return order;
}

Facet number_facet(const Attribute& attribute) {
  Facet facet;
  const bool quality = name_holds(attribute, {"rating", "score", "stars", "quality", "tomato"});
  facet.kind = quality ? FacetKind::kQuality : FacetKind::kIdealPoint;
  facet.weight = kNumberWeight;
  facet.ranks.assign(attribute.numbers.size(), 0.0F);
  facet.present.assign(attribute.numbers.size(), false);
  const std::vector<std::uint32_t> order = ascending(attribute.numbers);
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    const float value = attribute.numbers[order[first]];
    while (end < order.size() && attribute.numbers[order[end]] == value) ++end;
    const double middle = static_cast<double>(first + end - 1) / 2;
    const double span = std::max(1.0, static_cast<double>(order.size()) - 1);
    for (; first < end; ++first) {
      facet.ranks[order[first]] = static_cast<float>(2 * middle / span - 1);
      facet.present[order[first]] = true;
    }
  }
  return facet;
}

}  // namespace

std::vector<Facet> facets_of(const Catalogue& items) {
  std::vector<Facet> facets;
  for (const Attribute& attribute : items.attributes) {
    if (is_votes(attribute)) continue;
    if (attribute.kind == AttributeKind::kNumber) {
      facets.push_back(number_facet(attribute));
      continue;
    }
    Facet facet;
    facet.kind = FacetKind::kCategories;
    const bool topic = name_holds(attribute, {"genre", "categor", "topic", "tag"});
    facet.weight = topic ? kTopicWeight : kCategoryWeight;
    facet.attribute = &attribute;
    facets.push_back(std::move(facet));
  }
  return facets;
}

std::vector<double> popularity_weights(const Catalogue& items) {
  std::vector<double> weights(items.ids.size(), 1.0);
  const auto votes = std::ranges::find_if(items.attributes, is_votes);
  if (votes == items.attributes.end()) return weights;
  const std::vector<std::uint32_t> order = ascending(votes->numbers);
  if (order.empty()) return weights;
  const double missing = votes->numbers[order[order.size() / 10]];
  for (std::size_t item = 0; item < weights.size(); ++item) {
    const double count = std::isnan(votes->numbers[item]) ? missing : votes->numbers[item];
    const double root = std::sqrt(std::max(0.0, count) + 1);
    weights[item] = root * std::sqrt(root);  // (count + 1)^0.75, in exact operations
  }
  return weights;
}

}  // namespace palate::internal
