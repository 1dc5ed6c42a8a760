// Numbers and times out of texts.
#include "data/parse.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>

namespace palate::internal {
namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;

/// Takes pieces off the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool take(char wanted) {
    if (peek() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Exactly `count` digits, or -1.
  int digits(std::size_t count) {
    if (rest_.size() < count) return -1;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return -1;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

 private:
  std::string_view rest_;
};

/// Days from 1970-01-01 to a day of the Gregorian calendar (Hinnant, "chrono-compatible low-level
/// date algorithms", days_from_civil).
std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

bool is_date(int year, int month, int day) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 0 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// Milliseconds of ".123456".
int take_fraction(Cursor& cursor) {
  int ms = 0;
  for (int unit = 100; cursor.peek() >= '0' && cursor.peek() <= '9'; unit /= 10) {
    ms += cursor.digits(1) * unit;
  }
  return ms;
}

/// "10:51", "10:51:09", "10:51:09.277", from midnight.
std::optional<std::int64_t> take_time_of_day(Cursor& cursor) {
  const int hour = cursor.digits(2);
  if (hour < 0 || hour > 23 || !cursor.take(':')) return std::nullopt;
  const int minute = cursor.digits(2);
  if (minute < 0 || minute > 59) return std::nullopt;
  std::int64_t ms = (std::int64_t{hour} * 60 + minute) * 60'000;
  if (cursor.take(':')) {
    const int second = cursor.digits(2);
    if (second < 0 || second > 60) return std::nullopt;
    ms += std::int64_t{second} * 1000;
    if (cursor.take('.') || cursor.take(',')) ms += take_fraction(cursor);
  }
  return ms;
}

/// "", "Z", " UTC", "+02:00", "+0200", "+02": what to take off to get UTC.
std::optional<std::int64_t> take_offset(Cursor& cursor) {
  if (cursor.at_end() || cursor.take('Z') || cursor.take('z')) return 0;
  if (cursor.take(' ')) {
    const bool utc = cursor.take('U') && cursor.take('T') && cursor.take('C');
    return utc ? std::optional<std::int64_t>(0) : std::nullopt;
  }
  const bool east = cursor.take('+');
  if (!east && !cursor.take('-')) return std::nullopt;
  const int hours = cursor.digits(2);
  int minutes = 0;
  if (!cursor.at_end()) {
    cursor.take(':');
    minutes = cursor.digits(2);
  }
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return std::nullopt;
  return (east ? 1 : -1) * (std::int64_t{hours} * 60 + minutes) * 60'000;
}

std::optional<std::int64_t> parse_iso_time(std::string_view text) {
  Cursor cursor(text);
  const int year = cursor.digits(4);
  if (!cursor.take('-')) return std::nullopt;
  const int month = cursor.digits(2);
  if (!cursor.take('-')) return std::nullopt;
  const int day = cursor.digits(2);
  if (!is_date(year, month, day)) return std::nullopt;
  const std::int64_t midnight = days_from_civil(year, month, day) * kMsPerDay;
  if (cursor.at_end()) return midnight;
  if (!cursor.take('T') && !cursor.take('t') && !cursor.take(' ')) return std::nullopt;
  const std::optional<std::int64_t> time = take_time_of_day(cursor);
  if (!time) return std::nullopt;
  const std::optional<std::int64_t> offset = take_offset(cursor);
  if (!offset || !cursor.at_end()) return std::nullopt;
  return midnight + *time - *offset;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::optional<double> parse_number(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> parse_time_ms(std::string_view text) {
  text = trimmed(text);
  const std::optional<double> number = parse_number(text);
  if (!number) return parse_iso_time(text);
  const double size = std::abs(*number);
  if (!(size < 1e20)) return std::nullopt;
  if (size < 1e11) return static_cast<std::int64_t>(std::round(*number * 1e3));
  if (size < 1e14) return static_cast<std::int64_t>(std::round(*number));
  if (size < 1e17) return static_cast<std::int64_t>(std::round(*number / 1e3));
  return static_cast<std::int64_t>(std::round(*number / 1e6));
}

}  // namespace palate::internal
