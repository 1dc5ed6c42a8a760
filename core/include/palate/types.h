// The words of the domain as types: items, events, picks.
#ifndef PALATE_TYPES_H_
#define PALATE_TYPES_H_

#include <cstddef>
#include <cstdint>
#include <limits>

namespace palate {

/// A row of the catalogue. Rows are ordered from the most to the least popular item.
enum class ItemIndex : std::uint32_t {};

constexpr std::size_t to_row(ItemIndex item) { return static_cast<std::size_t>(item); }
constexpr ItemIndex to_item(std::size_t row) { return ItemIndex{static_cast<std::uint32_t>(row)}; }

/// Stands for "no value was given".
inline constexpr float kNoValue = std::numeric_limits<float>::quiet_NaN();

/// One interaction of the person whose history it stands in.
struct Event {
  ItemIndex item{};
  float weight = 1.0F;       ///< how much it speaks for the item, below 0 against it; finite, not 0
  float value = kNoValue;    ///< the rating, on the log's own scale, where people rate
  std::uint32_t type = 0;    ///< 1 + row of the model's event types; 0 where unknown
  std::int64_t time_ms = 0;  ///< milliseconds since 1970-01-01 UTC; 0 when unknown
};

/// One line of a ranked list.
struct Pick {
  ItemIndex item{};
  float score = 0.0F;
};

}  // namespace palate

#endif  // PALATE_TYPES_H_
