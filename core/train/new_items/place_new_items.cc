// The rows that a model lacks, appended to each of its tables.
#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "palate/new_items.h"
#include "train/new_items/content_map.h"

namespace palate {
namespace {

using internal::ContentFeatures;
using internal::ContentMap;

/// A table with a row an item, and how long its rows are.
struct ItemTable {
  std::vector<float>* numbers = nullptr;
  std::size_t width = 0;
};

std::vector<ItemTable> tables_of(ModelContents& contents) {
  std::vector<ItemTable> tables = {{&contents.item_vectors, contents.dimension}};
  const auto add = [&](std::vector<float>& numbers, std::size_t width) {
    if (!numbers.empty()) tables.push_back({&numbers, width});
  };
  if (contents.weighted_mean) add(contents.weighted_mean->history_vectors, contents.dimension);
  if (contents.value_fold_in) add(contents.value_fold_in->implicit_vectors, contents.dimension);
  if (contents.value_head) add(contents.value_head->item_bias, 1);
  return tables;
}

ContentMap fit(const ContentFeatures& features, const ModelContents& contents,
               const ItemTable& table) {
  const Catalogue& catalogue = contents.catalogue;
  std::vector<std::vector<ContentFeatures::Entry>> rows;
  std::vector<double> weights;
  for (std::size_t item = 0; item < catalogue.ids.size(); ++item) {
    rows.push_back(features.row(catalogue, item));
    weights.push_back(catalogue.popularity[item]);
  }
  return {rows, features.columns(), weights, *table.numbers, table.width};
}

/// The rows of `items` that the model lacks, by id.
std::vector<std::size_t> missing_rows(const Catalogue& items, const Catalogue& known) {
  const std::unordered_set<std::string> ids(known.ids.begin(), known.ids.end());
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < items.ids.size(); ++row) {
    if (!ids.contains(items.ids[row])) rows.push_back(row);
  }
  std::ranges::sort(rows, {},
                    [&](std::size_t row) -> const std::string& { return items.ids[row]; });
  return rows;
}

/// Appends what `items` has of these rows; categories that the model lacks come behind its own.
void append_attribute(const Attribute& from, std::span<const std::size_t> rows, Attribute& to) {
  if (to.kind == AttributeKind::kNumber) {
    for (const std::size_t row : rows) to.numbers.push_back(from.numbers[row]);
    return;
  }
  std::unordered_map<std::string, std::uint32_t> numbers;
  for (std::uint32_t c = 0; c < to.categories.size(); ++c) numbers.emplace(to.categories[c], c);
  for (const std::size_t row : rows) {
    for (std::uint32_t i = from.offsets[row]; i < from.offsets[row + 1]; ++i) {
      const std::string& category = from.categories[from.entries[i]];
      const auto [found, is_new] =
          numbers.emplace(category, static_cast<std::uint32_t>(to.categories.size()));
      if (is_new) to.categories.push_back(category);
      to.entries.push_back(found->second);
    }
    to.offsets.push_back(static_cast<std::uint32_t>(to.entries.size()));
  }
}

void append_facts(const Catalogue& items, std::span<const std::size_t> rows, Catalogue& catalogue) {
  for (const std::size_t row : rows) {
    catalogue.ids.push_back(items.ids[row]);
    catalogue.popularity.push_back(0);
    if (!catalogue.titles.empty()) {
      catalogue.titles.push_back(items.titles.empty() ? std::string() : items.titles[row]);
    }
  }
  for (std::size_t a = 0; a < catalogue.attributes.size(); ++a) {
    append_attribute(items.attributes[a], rows, catalogue.attributes[a]);
  }
}

/// H'H with the rows of H from `first` on.
void add_to_gramian(const ModelContents& contents, std::size_t first, std::vector<float>& gramian) {
  const std::size_t dimension = contents.dimension;
  std::vector<double> sums(gramian.begin(), gramian.end());
  for (std::size_t row = first; row < contents.catalogue.ids.size(); ++row) {
    const float* vector = contents.item_vectors.data() + row * dimension;
    std::size_t at = 0;
    for (std::size_t i = 0; i < dimension; ++i) {
      for (std::size_t j = 0; j <= i; ++j) sums[at++] += double{vector[i]} * vector[j];
    }
  }
  std::ranges::copy(sums, gramian.begin());
}

void append_empty_rows(std::size_t count, ItemWeights& weights) {
  weights.offsets.insert(weights.offsets.end(), count, weights.offsets.back());
}

bool has_same_attributes(const Catalogue& a, const Catalogue& b) {
  return std::ranges::equal(a.attributes, b.attributes,
                            [](const Attribute& left, const Attribute& right) {
                              return left.name == right.name && left.kind == right.kind;
                            });
}

Status check(const Catalogue& items, const ModelContents& contents) {
  std::string why;
  if (contents.item_vectors.empty()) {
    why = "the recipe " + contents.facts.recipe + " gives items no vectors";
  } else if (contents.catalogue.attributes.empty()) {
    why = "nothing is known of the items but their ids and titles";
  } else if (!has_same_attributes(items, contents.catalogue)) {
    why = "they have other attributes than the model";
  } else {
    return Done{};
  }
  return Error{ErrorCode::kRequestInvalid, "new items cannot be placed: " + why};
}

}  // namespace

Result<PlacedItems> place_new_items(const Catalogue& items, ModelContents& contents) {
  if (Status status = check(items, contents); !status) return status.error();
  const ContentFeatures features(contents.catalogue);
  const std::size_t known = contents.catalogue.ids.size();
  const std::vector<std::size_t> rows = missing_rows(items, contents.catalogue);

  // A catalogue of the new items alone, in the model's categories.
  Catalogue added;
  for (const Attribute& attribute : contents.catalogue.attributes) {
    added.attributes.push_back({attribute.name, attribute.kind, {}, attribute.categories, {}, {}});
    if (attribute.kind == AttributeKind::kCategory) added.attributes.back().offsets = {0};
  }
  append_facts(items, rows, added);
  std::vector<std::vector<ContentFeatures::Entry>> known_of;
  std::vector<std::size_t> placed;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<ContentFeatures::Entry> entries = features.row(added, i);
    if (entries.empty()) continue;
    known_of.push_back(std::move(entries));
    placed.push_back(rows[i]);
  }

  for (const ItemTable& table : tables_of(contents)) {
    const ContentMap map = fit(features, contents, table);
    for (const auto& entries : known_of) {
      const std::vector<float> row = map.apply(entries);
      table.numbers->insert(table.numbers->end(), row.begin(), row.end());
    }
  }
  append_facts(items, placed, contents.catalogue);
  if (contents.fold_in) add_to_gramian(contents, known, contents.fold_in->gramian);
  if (contents.item_weights) append_empty_rows(placed.size(), *contents.item_weights);
  if (contents.ranker) {
    for (ItemWeights& further : contents.ranker->retrievers) {
      append_empty_rows(placed.size(), further);
    }
  }
  return PlacedItems{placed.size(), rows.size() - placed.size()};
}

}  // namespace palate
