// The cells of a column, and what they are taken for: numbers or sets of categories.
#include "data/cells.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "data/parse.h"
#include "model/limits.h"

namespace palate::internal {
namespace {

/// The categories in one cell, each once.
std::vector<std::uint32_t> categories_of(std::string_view text, TextIndex& categories) {
  std::vector<std::uint32_t> result;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('|', start), text.size());
    const std::string_view category = trimmed(text.substr(start, end - start));
    start = end + 1;
    if (is_missing(category)) continue;
    const std::uint32_t number = categories.number_of(category);
    if (std::ranges::find(result, number) == result.end()) result.push_back(number);
  }
  return result;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  return "'" + std::string(text.substr(0, kShown)) + (text.size() > kShown ? "...'" : "'");
}

Error malformed(std::string reason) { return {ErrorCode::kDataMalformed, std::move(reason)}; }

}  // namespace

bool is_missing(std::string_view text) {
  constexpr std::array<std::string_view, 7> kMissing = {
      "", "null", "NULL", "nan", "NaN", "\\N", "(no genres listed)"};
  return std::ranges::find(kMissing, text) != kMissing.end();
}

std::optional<Attribute> as_numbers(const Cells& cells) {
  std::vector<float> distinct;
  bool any = false;
  for (const std::string& text : cells.texts.texts()) {
    if (is_missing(trimmed(text))) {
      distinct.push_back(kNoValue);
      continue;
    }
    const std::optional<double> number = parse_number(text);
    if (!number || !(std::abs(*number) <= kLargestNumber)) return std::nullopt;
    distinct.push_back(static_cast<float>(*number));
    any = true;
  }
  if (!any) return std::nullopt;
  Attribute attribute;
  attribute.kind = AttributeKind::kNumber;
  attribute.numbers.reserve(cells.rows.size());
  for (const std::uint32_t cell : cells.rows) attribute.numbers.push_back(distinct[cell]);
  return attribute;
}

bool is_empty(const Cells& cells) {
  return std::ranges::all_of(cells.texts.texts(),
                             [](std::string_view text) { return is_missing(trimmed(text)); });
}

Attribute as_categories(const Cells& cells) {
  TextIndex categories;
  std::vector<std::vector<std::uint32_t>> distinct;
  for (const std::string& text : cells.texts.texts()) {
    distinct.push_back(categories_of(text, categories));
  }
  Attribute attribute;
  attribute.kind = AttributeKind::kCategory;
  attribute.offsets.push_back(0);
  for (const std::uint32_t cell : cells.rows) {
    attribute.entries.insert(attribute.entries.end(), distinct[cell].begin(), distinct[cell].end());
    attribute.offsets.push_back(static_cast<std::uint32_t>(attribute.entries.size()));
  }
  attribute.categories = std::move(categories).release();
  return attribute;
}

Result<float> number_in(std::string_view cell) {
  const std::string_view text = trimmed(cell);
  const std::optional<double> number = parse_number(text);
  if (!number) return malformed(quoted(text) + " is no number");
  const auto value = static_cast<float>(*number);
  if (std::abs(value) <= kLargestNumber) return value;
  return malformed(quoted(text) + " is not between -1e20 and 1e20");
}

Result<std::int64_t> time_in(std::string_view cell) {
  const std::string_view text = trimmed(cell);
  if (text.empty()) return malformed("the time is missing");
  const std::optional<std::int64_t> time_ms = parse_time_ms(text);
  if (!time_ms) {
    return malformed(quoted(text) +
                     " is no time: give seconds or milliseconds since 1970, or ISO 8601");
  }
  if (*time_ms < 0 || *time_ms >= kLatestTimeMs) {
    return malformed(quoted(text) + " is not between the years 1970 and 2200");
  }
  return *time_ms;
}

const char* name_fault(std::string_view name, std::span<const Attribute> attributes) {
  if (trimmed(name).empty()) return "no name";
  if (name.size() > kMaxIdBytes) return "a name over 1024 bytes";
  if (name.find('\0') != std::string_view::npos) return "a NUL byte in the name";
  if (std::ranges::find(attributes, name, &Attribute::name) != attributes.end()) {
    return "the name stands twice";
  }
  if (attributes.size() == kMaxAttributes) return "over 256 attributes";
  return nullptr;
}

}  // namespace palate::internal
