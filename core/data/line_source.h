// The lines of a text file, unpacked and checked for UTF-8 and length by DuckDB.
#ifndef PALATE_DATA_LINE_SOURCE_H_
#define PALATE_DATA_LINE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/duckdb_query.h"
#include "data/file_kind.h"
#include "palate/result.h"

namespace palate::internal {

/// Lines longer than this are refused.
inline constexpr std::size_t kLongestLine = 1'000'000;

/// A line that DuckDB did not deliver.
struct RefusedLine {
  std::uint64_t line = 0;  ///< from 1
  std::string reason;
};

/// Streams a text file's lines in order.
///
/// DuckDB's CSV reader is used one column wide, with a delimiter that no text holds: under its own
/// splitting a row with too many fields is silently cut, an unclosed quote swallows the rows after
/// it, and rows carry no line numbers. `parallel = false` because the parallel reader drops a line
/// that is longer than its buffer without a word.
class LineSource {
 public:
  enum class Encoding { kUtf8, kLatin1 };

  /// `expressions` (SQL over the column `line`) are computed along with each line.
  static Result<LineSource> open(const std::filesystem::path& path, const FileKind& kind,
                                 Encoding encoding, const std::string& expressions = "line");

  /// The objects of a JSON array in place of lines.
  static Result<LineSource> open_array(const std::filesystem::path& path, const FileKind& kind,
                                       const std::string& expressions);

  /// Goes to the next line that was not refused; false after the last.
  Result<bool> next();

  std::string_view line() const { return rows_.text(0); }
  /// What expression `index` gave for this line.
  std::string_view computed(std::size_t index) const { return rows_.text(index); }

  /// After the last line: the lines that were refused, ascending. A gzip file that ends early is an
  /// error.
  Result<std::vector<RefusedLine>> finish();

 private:
  LineSource(Duckdb database, TextRows rows, std::string path, const FileKind& kind);
  static Result<LineSource> open_relation(const std::filesystem::path& path, const FileKind& kind,
                                          const std::string& relation,
                                          const std::string& expressions);
  Status check_gzip_end(std::size_t refused) const;

  std::unique_ptr<Duckdb> database_;
  TextRows rows_;
  std::string path_;
  FileKind kind_;
  bool is_array_ = false;
  std::uint64_t bytes_at_most_ = 0;  // of the lines delivered, line ends included
};

}  // namespace palate::internal

#endif  // PALATE_DATA_LINE_SOURCE_H_
