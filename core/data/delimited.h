// The text formats of one row a line: which delimiter a file has, and a line's fields.
#ifndef PALATE_DATA_DELIMITED_H_
#define PALATE_DATA_DELIMITED_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace palate::internal {

/// How the fields of a line are told apart.
struct Dialect {
  std::string_view delimiter;  ///< " " stands for any run of blanks
  bool quotes = false;         ///< a field may stand in double quotes, with "" for a quote
};

/// The dialect under which the most lines have as many fields as the first (at least two).
/// `preferred` (",", "\t" or empty) wins wherever it splits the first line.
std::optional<Dialect> detect_dialect(std::span<const std::string> lines,
                                      std::string_view preferred);

enum class SplitStatus {
  kDone,
  kOpenQuote,       // a quoted field goes on after the end of the text
  kTextAfterQuote,  // something stands between a closing quote and the delimiter
};

/// The fields of one record. Views point into `record`, or into `scratch` where "" was undone.
SplitStatus split_record(std::string_view record, const Dialect& dialect, std::string& scratch,
                         std::vector<std::string_view>& fields);

}  // namespace palate::internal

#endif  // PALATE_DATA_DELIMITED_H_
