// Taking sections apart, and whether what they hold belongs together.
#include "sections.h"

#include <algorithm>

namespace palate {
namespace {

constexpr std::size_t kMultiple = 8;

bool fits(const Attribute& attribute, std::size_t items) {
  if (attribute.kind == AttributeKind::kNumber) return attribute.numbers.size() == items;
  return attribute.offsets.size() == items + 1 && attribute.offsets.front() == 0 &&
         std::ranges::is_sorted(attribute.offsets) &&
         attribute.offsets.back() == attribute.entries.size() &&
         below(attribute.entries, attribute.categories.size());
}

Attribute take_attribute(Sections& sections) {
  Attribute attribute;
  attribute.name = sections.take_text();
  attribute.numbers = sections.take<float>();
  attribute.categories = sections.take_texts();
  attribute.offsets = sections.take<std::uint32_t>();
  attribute.entries = sections.take<std::uint32_t>();
  attribute.kind = attribute.numbers.empty() ? AttributeKind::kCategory : AttributeKind::kNumber;
  return attribute;
}

}  // namespace

std::string Sections::take_text() {
  const std::span<const std::byte> bytes = take_bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::string> Sections::take_texts() {
  const std::vector<std::uint32_t> offsets = take<std::uint32_t>();
  const std::string text = take_text();
  std::vector<std::string> texts;
  if (offsets.empty()) return texts;
  damaged_ |= !std::ranges::is_sorted(offsets) || offsets.back() != text.size();
  if (damaged_) return texts;
  for (std::size_t k = 0; k + 1 < offsets.size(); ++k) {
    texts.push_back(text.substr(offsets[k], offsets[k + 1] - offsets[k]));
  }
  return texts;
}

std::span<const std::byte> Sections::take_bytes() {
  std::uint32_t size = 0;
  if (rest_.size() >= kMultiple) std::memcpy(&size, rest_.data(), sizeof(size));
  // In 64 bits: in 32 the largest sizes would come round to small ones.
  const std::uint64_t padded = (std::uint64_t{size} + kMultiple - 1) / kMultiple * kMultiple;
  if (kMultiple + padded > rest_.size()) {
    damaged_ = true;
    rest_ = {};
    return {};
  }
  const std::span<const std::byte> bytes = rest_.subspan(kMultiple, size);
  rest_ = rest_.subspan(kMultiple + static_cast<std::size_t>(padded));
  return bytes;
}

Catalogue take_catalogue(Sections& sections) {
  Catalogue items;
  items.ids = sections.take_texts();
  items.titles = sections.take_texts();
  items.popularity.assign(items.ids.size(), 0);
  while (!sections.at_end()) items.attributes.push_back(take_attribute(sections));
  return items;
}

bool fits(const Catalogue& items) {
  return (items.titles.empty() || items.titles.size() == items.ids.size()) &&
         std::ranges::all_of(items.attributes, [&](const Attribute& attribute) {
           return fits(attribute, items.ids.size());
         });
}

bool below(const std::vector<std::uint32_t>& numbers, std::size_t bound) {
  return std::ranges::all_of(numbers, [&](std::uint32_t number) { return number < bound; });
}

}  // namespace palate
