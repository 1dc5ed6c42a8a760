// Finding attributes by name and kind, categories by their text.
#include "new_items/matched_attributes.h"

#include <string_view>
#include <unordered_map>

namespace palate::internal {
namespace {

const Attribute* find_attribute(const AttributeView& wanted, const Catalogue& items) {
  for (const Attribute& given : items.attributes) {
    if (given.name == wanted.name && given.kind == wanted.kind) return &given;
  }
  return nullptr;
}

std::vector<std::uint32_t> rows_of(const std::vector<std::string>& categories,
                                   const TextsView& known) {
  std::unordered_map<std::string_view, std::uint32_t> rows;
  for (std::uint32_t row = 0; row < known.size(); ++row) rows.emplace(known[row], row);
  std::vector<std::uint32_t> found;
  for (const std::string& category : categories) {
    const auto row = rows.find(category);
    found.push_back(row == rows.end() ? MatchedAttribute::kNotThere : row->second);
  }
  return found;
}

}  // namespace

std::span<const std::uint32_t> MatchedAttribute::entries_of(std::size_t item) const {
  if (given == nullptr || given->kind != AttributeKind::kCategory) return {};
  const std::uint32_t first = given->offsets[item];
  return std::span(given->entries).subspan(first, given->offsets[item + 1] - first);
}

std::vector<MatchedAttribute> match_attributes(const Model& model, const Catalogue& items) {
  std::vector<MatchedAttribute> matched;
  for (const AttributeView& attribute : model.attributes()) {
    MatchedAttribute& match = matched.emplace_back();
    match.given = find_attribute(attribute, items);
    if (match.given != nullptr) match.rows = rows_of(match.given->categories, attribute.categories);
  }
  return matched;
}

}  // namespace palate::internal
