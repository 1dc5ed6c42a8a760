// Whether a catalogue makes sense: ids, popularity, titles, attributes.
#include <algorithm>
#include <cmath>
#include <functional>

#include "model/check.h"
#include "model/limits.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

Verdict check_unique(const TextsView& texts, const SipKey& key, const char* what, IdIndex& index) {
  std::uint32_t row = 0;
  switch (index.build(texts, key, row)) {
    case IdIndex::Outcome::kDone:
      return kPassed;
    case IdIndex::Outcome::kNoMemory:
      return memory_refused();
    case IdIndex::Outcome::kRepeated:
      break;
  }
  return meaning_error(what, "are not unique"_words, row);
}

Verdict check_numbers(const format::Attribute& attribute, std::size_t items, AttributeView& view,
                      float& largest) {
  view.numbers = span_of(attribute.numbers());
  if (view.numbers.size() != items) {
    return meaning_error("a number attribute"_words, "has not one number an item"_words);
  }
  for (const float number : view.numbers) {
    if (std::isnan(number)) continue;  // missing
    if (!is_sane(number))
      return meaning_error("a number attribute"_words, "has a number above 1e20"_words);
    largest = std::max(largest, std::abs(number));
  }
  return kPassed;
}

Verdict check_entries(const format::Attribute& attribute, std::size_t items, AttributeView& view) {
  view.offsets = span_of(attribute.offsets());
  view.entries = span_of(attribute.entries());
  if (view.offsets.size() != items + 1 || view.offsets.front() != 0 ||
      view.offsets.back() != view.entries.size() ||
      !std::is_sorted(view.offsets.begin(), view.offsets.end())) {
    return meaning_error("a category attribute"_words,
                         "has offsets that do not ascend over its entries"_words);
  }
  const std::size_t categories = view.categories.size();
  if (!std::all_of(view.entries.begin(), view.entries.end(),
                   [&](std::uint32_t entry) { return entry < categories; })) {
    return meaning_error("a category attribute"_words, "names a category that it lacks"_words);
  }
  return kPassed;
}

Verdict check_categories(const format::Attribute& attribute, std::size_t items, const SipKey& key,
                         AttributeView& view) {
  const format::Texts* texts = attribute.categories();
  if (texts == nullptr)
    return meaning_error("a category attribute"_words, "has no categories"_words);
  const std::size_t rows = std::max<std::size_t>(texts->offsets()->size(), 1) - 1;
  Verdict verdict =
      check_texts(*texts, rows, 1, kMaxTextBytes, "categories"_words, view.categories);
  if (!verdict) return verdict;
  IdIndex index;
  verdict = check_unique(view.categories, key, "categories"_words, index);
  if (!verdict) return verdict;
  return check_entries(attribute, items, view);
}

Verdict check_attribute(const format::Attribute& attribute, std::size_t items, const SipKey& key,
                        AttributeView& view, float& largest) {
  view.name = text_of(*attribute.name());
  if (view.name.empty() || view.name.size() > kMaxIdBytes || !is_text(view.name)) {
    return meaning_error("an attribute"_words,
                         "has a name that is empty, too long or not UTF-8"_words);
  }
  switch (attribute.kind()) {
    case format::AttributeKind::Category:
      view.kind = AttributeKind::kCategory;
      return check_categories(attribute, items, key, view);
    case format::AttributeKind::Number:
      view.kind = AttributeKind::kNumber;
      return check_numbers(attribute, items, view, largest);
  }
  return unsupported_error("an attribute of a kind"_words);
}

Verdict check_attributes(const format::Catalogue& catalogue, const SipKey& key,
                         MappedModel& mapped) {
  const std::uint32_t count =
      catalogue.attributes() == nullptr ? 0 : catalogue.attributes()->size();
  if (count > kMaxAttributes)
    return meaning_error("the catalogue"_words, "has over 256 attributes"_words);
  if (!mapped.attributes.allocate(count) || !mapped.largest_numbers.allocate(count)) {
    return memory_refused();
  }
  const std::span<AttributeView> views = mapped.attributes.span();
  for (std::uint32_t i = 0; i < count; ++i) {
    Verdict verdict = check_attribute(*catalogue.attributes()->Get(i), mapped.items(), key,
                                      views[i], mapped.largest_numbers.span()[i]);
    if (!verdict) return verdict;
    const auto same_name = [&](const AttributeView& other) { return other.name == views[i].name; };
    if (std::any_of(views.begin(), views.begin() + i, same_name)) {
      return meaning_error("the catalogue"_words, "has two attributes of one name"_words);
    }
  }
  return kPassed;
}

}  // namespace

Verdict check_catalogue(const format::Model& model, const SipKey& key, MappedModel& mapped) {
  const format::Catalogue& catalogue = *model.catalogue();
  mapped.popularity = span_of(catalogue.popularity());
  const std::size_t items = mapped.items();
  if (items == 0 && model.tabular() == nullptr) {
    return meaning_error("the catalogue"_words, "has no item"_words);
  }
  if (items > kMaxItems)
    return meaning_error("the catalogue"_words, "has over 16,777,216 items"_words);
  if (!std::is_sorted(mapped.popularity.begin(), mapped.popularity.end(), std::greater<>())) {
    return meaning_error("the catalogue"_words, "is not ordered by popularity"_words);
  }
  Verdict verdict = check_texts(*catalogue.ids(), items, 1, kMaxIdBytes, "ids"_words, mapped.ids);
  if (!verdict) return verdict;
  verdict = check_unique(mapped.ids, key, "ids"_words, mapped.index);
  if (!verdict) return verdict;
  if (catalogue.titles() != nullptr) {
    verdict =
        check_texts(*catalogue.titles(), items, 0, kMaxTextBytes, "titles"_words, mapped.titles);
    if (!verdict) return verdict;
  }
  return check_attributes(catalogue, key, mapped);
}

}  // namespace palate::internal
