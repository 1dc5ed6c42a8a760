// The text formats of one row a line: which delimiter a file has, and a line's fields.
#include "data/delimited.h"

#include <array>
#include <cstddef>

namespace palate::internal {
namespace {

// Tried in this order: of two that fit equally well, the one less likely inside a text comes first.
constexpr std::array<Dialect, 6> kDialects = {
    {{"\t", true}, {"::", false}, {",", true}, {";", true}, {"|", false}, {" ", false}}};

void split_at_blanks(std::string_view record, std::vector<std::string_view>& fields) {
  constexpr std::string_view kBlanks = " \t";
  std::size_t first = record.find_first_not_of(kBlanks);
  while (first != std::string_view::npos) {
    const std::size_t end = record.find_first_of(kBlanks, first);
    fields.push_back(record.substr(first, end == std::string_view::npos ? end : end - first));
    first = record.find_first_not_of(kBlanks, end);
  }
}

void split_plain(std::string_view record, std::string_view delimiter,
                 std::vector<std::string_view>& fields) {
  for (;;) {
    const std::size_t end = record.find(delimiter);
    fields.push_back(record.substr(0, end));
    if (end == std::string_view::npos) return;
    record.remove_prefix(end + delimiter.size());
  }
}

/// Takes a quoted field off the front of `rest`, its first quote included. Undone texts go to
/// `scratch`, which has room for them all: its memory never moves under earlier views.
SplitStatus take_quoted(std::string_view& rest, std::string& scratch, std::string_view& field) {
  const std::size_t start = scratch.size();
  std::size_t position = 1;
  for (;;) {
    const std::size_t quote = rest.find('"', position);
    if (quote == std::string_view::npos) return SplitStatus::kOpenQuote;
    scratch.append(rest, position, quote - position);
    position = quote + 1;
    if (position == rest.size() || rest[position] != '"') break;
    scratch += '"';
    ++position;
  }
  field = std::string_view(scratch).substr(start);
  rest.remove_prefix(position);
  return SplitStatus::kDone;
}

SplitStatus split_quoted(std::string_view rest, std::string_view delimiter, std::string& scratch,
                         std::vector<std::string_view>& fields) {
  scratch.clear();
  scratch.reserve(rest.size());
  for (;;) {
    if (!rest.empty() && rest.front() == '"') {
      std::string_view field;
      const SplitStatus status = take_quoted(rest, scratch, field);
      if (status != SplitStatus::kDone) return status;
      fields.push_back(field);
      if (rest.empty()) return SplitStatus::kDone;
      if (!rest.starts_with(delimiter)) return SplitStatus::kTextAfterQuote;
    } else {
      const std::size_t end = rest.find(delimiter);
      fields.push_back(rest.substr(0, end));
      if (end == std::string_view::npos) return SplitStatus::kDone;
      rest.remove_prefix(end);
    }
    rest.remove_prefix(delimiter.size());
  }
}

}  // namespace

std::optional<Dialect> detect_dialect(std::span<const std::string> lines,
                                      std::string_view preferred) {
  std::optional<Dialect> best;
  std::size_t best_agreeing = 0;
  std::string scratch;
  std::vector<std::string_view> fields;
  for (const Dialect& dialect : kDialects) {
    std::size_t width = 0;
    std::size_t agreeing = 0;
    for (const std::string& line : lines) {
      const SplitStatus status = split_record(line, dialect, scratch, fields);
      if (width == 0) width = fields.size();
      if (status == SplitStatus::kDone && fields.size() == width) ++agreeing;
    }
    if (width < 2) continue;
    if (dialect.delimiter == preferred) return dialect;
    if (agreeing > best_agreeing) {
      best = dialect;
      best_agreeing = agreeing;
    }
  }
  return best;
}

SplitStatus split_record(std::string_view record, const Dialect& dialect, std::string& scratch,
                         std::vector<std::string_view>& fields) {
  fields.clear();
  if (dialect.quotes && record.find('"') != std::string_view::npos) {
    return split_quoted(record, dialect.delimiter, scratch, fields);
  }
  if (dialect.delimiter == " ") {
    split_at_blanks(record, fields);
  } else {
    split_plain(record, dialect.delimiter, fields);
  }
  return SplitStatus::kDone;
}

}  // namespace palate::internal
