// What a page hands over to be trained on, as one piece of memory.
#include "request.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace palate {
namespace {

constexpr std::size_t kMultiple = 8;

/// The order of the settings.
enum Setting : std::uint8_t {
  kSeed,
  kDimension,
  kEpochs,
  kRegularization,
  kUnobservedRatio,
  kMinUser,
  kMinItem,
  kMinValue,
  kSettings
};

/// Takes sections off the front; one that is not whole is empty and leaves nothing behind it.
class Sections {
 public:
  explicit Sections(std::span<const std::byte> bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }
  bool damaged() const { return damaged_; }

  template <class T>
  std::vector<T> take() {
    const std::span<const std::byte> bytes = take_bytes();
    if (bytes.size() % sizeof(T) != 0) damaged_ = true;
    std::vector<T> numbers(bytes.size() / sizeof(T));
    if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(T));
    return numbers;
  }

  std::string take_text() {
    const std::span<const std::byte> bytes = take_bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::vector<std::string> take_texts() {
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

 private:
  std::span<const std::byte> take_bytes() {
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

  std::span<const std::byte> rest_;
  bool damaged_ = false;
};

FactorRecipe recipe_of(const std::vector<double>& settings) {
  const auto whole = [&](Setting setting) { return static_cast<std::uint32_t>(settings[setting]); };
  FactorRecipe recipe;
  recipe.seed = static_cast<std::uint64_t>(settings[kSeed]);
  recipe.ials.dimension = whole(kDimension);
  recipe.ials.epochs = whole(kEpochs);
  recipe.ials.regularization = static_cast<float>(settings[kRegularization]);
  recipe.ials.unobserved_ratio = static_cast<float>(settings[kUnobservedRatio]);
  recipe.data.min_user = whole(kMinUser);
  recipe.data.min_item = whole(kMinItem);
  recipe.data.min_value = static_cast<float>(settings[kMinValue]);
  return recipe;
}

bool below(const std::vector<std::uint32_t>& numbers, std::size_t bound) {
  return std::ranges::all_of(numbers, [&](std::uint32_t number) { return number < bound; });
}

bool fits(const InteractionLog& log) {
  const std::size_t rows = log.size();
  return log.item.size() == rows && (log.value.empty() || log.value.size() == rows) &&
         (log.time_ms.empty() || log.time_ms.size() == rows) && below(log.user, log.users.size()) &&
         below(log.item, log.items.size());
}

bool fits(const Attribute& attribute, std::size_t items) {
  if (attribute.kind == AttributeKind::kNumber) return attribute.numbers.size() == items;
  return attribute.offsets.size() == items + 1 && attribute.offsets.front() == 0 &&
         std::ranges::is_sorted(attribute.offsets) &&
         attribute.offsets.back() == attribute.entries.size() &&
         below(attribute.entries, attribute.categories.size());
}

bool fits(const Catalogue& items) {
  return (items.titles.empty() || items.titles.size() == items.ids.size()) &&
         std::ranges::all_of(items.attributes, [&](const Attribute& attribute) {
           return fits(attribute, items.ids.size());
         });
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

Result<TrainRequest> read_train_request(std::span<const std::byte> bytes) {
  Sections sections(bytes);
  const std::vector<double> settings = sections.take<double>();
  TrainRequest request;
  InteractionLog& log = request.log;
  log.users = sections.take_texts();
  log.items = sections.take_texts();
  log.user = sections.take<std::uint32_t>();
  log.item = sections.take<std::uint32_t>();
  log.value = sections.take<float>();
  for (const double time : sections.take<double>()) {
    log.time_ms.push_back(static_cast<std::int64_t>(time));
  }
  request.items.ids = sections.take_texts();
  request.items.titles = sections.take_texts();
  request.items.popularity.assign(request.items.ids.size(), 0);
  while (!sections.at_end()) request.items.attributes.push_back(take_attribute(sections));
  if (sections.damaged() || settings.size() != kSettings || !fits(log) || !fits(request.items)) {
    return Error{ErrorCode::kRequestInvalid, "the rows to train on are not as Palate packs them"};
  }
  request.recipe = recipe_of(settings);
  return request;
}

}  // namespace palate
