// Numbers and times out of texts.
#ifndef PALATE_DATA_PARSE_H_
#define PALATE_DATA_PARSE_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace palate::internal {

/// `text` without blanks at its ends.
std::string_view trimmed(std::string_view text);

/// A decimal number, blanks around it allowed; nothing else may stand in the text. "nan" and "inf"
/// are read as what they say.
std::optional<double> parse_number(std::string_view text);

/// The largest number that a model file takes for one.
inline constexpr float kLargestNumber = 1e20F;

/// Milliseconds since 1970-01-01 UTC from a number of seconds, milliseconds, microseconds or
/// nanoseconds (told apart by size: below 1e11, 1e14, 1e17) or from ISO 8601: a date, optionally
/// 'T' or a blank and a time, optionally a fraction and an offset; no offset means UTC.
std::optional<std::int64_t> parse_time_ms(std::string_view text);

/// The first millisecond of 2200: a later time is taken for a mistake.
inline constexpr std::int64_t kLatestTimeMs = 7'258'118'400'000;

}  // namespace palate::internal

#endif  // PALATE_DATA_PARSE_H_
