// A file as a table of texts: every format behind one face.
#ifndef PALATE_DATA_TABLE_H_
#define PALATE_DATA_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/columns.h"
#include "data/file_kind.h"
#include "data/rejections.h"
#include "palate/dataset.h"
#include "palate/result.h"

namespace palate::internal {

/// How the rows of one file are reached. Opening finds the columns; `select` says which are wanted.
class Table {
 public:
  virtual ~Table() = default;

  const std::vector<std::string>& columns() const { return columns_; }
  bool has_header() const { return has_header_; }

  /// Starts reading. `fields()` will hold these columns, in this order.
  virtual Status select(std::span<const std::size_t> columns) = 0;

  /// Goes to the next row that has all its fields; false after the last. Rows without them are
  /// rejected here.
  virtual Result<bool> next() = 0;

  /// The fields of the row, empty where missing. Valid until `next`.
  std::span<const std::string_view> fields() const { return fields_; }

  /// Rejects the row after all.
  void reject(std::string_view column, std::string reason) {
    rejections_.add(position_, column, std::move(reason));
  }

  /// After the last row: fills in what was read and rejected, and fails over `max_bad`.
  Status finish(double max_bad, ReadReport& report);

 protected:
  explicit Table(const std::filesystem::path& path) : path_(path) {}

  /// The lines that never became rows.
  virtual Result<std::vector<RefusedLine>> refused_lines() { return std::vector<RefusedLine>{}; }

  std::filesystem::path path_;
  std::vector<std::string> columns_;
  bool has_header_ = true;
  std::vector<std::string_view> fields_;
  std::uint64_t position_ = 0;  ///< of the row, see `Rejections`
  std::uint64_t read_ = 0;      ///< rows so far, the rejected ones included
  Rejections rejections_;
};

/// Opens a table of any format, told by its first bytes. `roles` and `given` serve to tell a header
/// from a row.
Result<std::unique_ptr<Table>> open_table(const std::filesystem::path& path,
                                          std::span<const Role> roles,
                                          const std::map<std::string, std::string>& given);

/// The formats. Each opens what `open_table` has found the file to be; `sample` holds the first
/// lines.
Result<std::unique_ptr<Table>> open_delimited_table(
    const std::filesystem::path& path, const FileKind& kind, std::span<const std::string> sample,
    std::span<const Role> roles, const std::map<std::string, std::string>& given);
Result<std::unique_ptr<Table>> open_json_table(const std::filesystem::path& path,
                                               const FileKind& kind, bool is_array);
Result<std::unique_ptr<Table>> open_parquet_table(const std::filesystem::path& path);

}  // namespace palate::internal

#endif  // PALATE_DATA_TABLE_H_
