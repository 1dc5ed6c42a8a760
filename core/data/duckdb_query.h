// DuckDB as text columns: open a database in memory, run a statement, stream its rows.
#ifndef PALATE_DATA_DUCKDB_QUERY_H_
#define PALATE_DATA_DUCKDB_QUERY_H_

#include <duckdb.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "palate/result.h"

namespace palate::internal {

/// `text` as a literal of SQL.
std::string sql_text(std::string_view text);

/// The path of one file as a literal of SQL: what DuckDB would take for a pattern stands for
/// itself.
std::string sql_path(const std::filesystem::path& path);

/// `name` as an identifier of SQL.
std::string sql_name(std::string_view name);

/// Releases a handle of DuckDB's C API.
template <class Handle, void (*release)(Handle*)>
struct Release {
  void operator()(Handle handle) const { release(&handle); }
};
template <class Handle, void (*release)(Handle*)>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Release<Handle, release>>;

/// The rows of one statement, fetched a chunk at a time, in order. Every column is VARCHAR.
class TextRows {
 public:
  TextRows(TextRows&&) noexcept = default;
  TextRows& operator=(TextRows&&) noexcept = default;

  /// Goes to the next row; false after the last. Invalidates the texts of the row before.
  Result<bool> next();

  std::size_t column_count() const { return columns_.size(); }
  bool is_null(std::size_t column) const;
  /// The cell's text, empty when it is null. Valid until `next`.
  std::string_view text(std::size_t column) const;

 private:
  friend class Duckdb;
  TextRows() = default;
  Result<bool> fetch();

  struct Column {
    duckdb_string_t* texts = nullptr;
    std::uint64_t* validity = nullptr;
  };
  struct FreeResult {
    void operator()(duckdb_result* result) const;
  };

  std::unique_ptr<duckdb_result, FreeResult> result_;
  Owned<duckdb_data_chunk, duckdb_destroy_data_chunk> chunk_;
  std::vector<Column> columns_;
  std::size_t row_ = 0;
  std::size_t rows_ = 0;
};

/// A database in memory that reads files and nothing else: no extension is ever fetched.
class Duckdb {
 public:
  static Result<Duckdb> open();

  /// Runs one statement whose columns are all VARCHAR. The error is DuckDB's own first line, as
  /// `kDataMalformed`. The database must outlive the rows.
  Result<TextRows> query(const std::string& sql);

 private:
  Duckdb() = default;

  Owned<duckdb_database, duckdb_close> database_;
  Owned<duckdb_connection, duckdb_disconnect> connection_;
};

}  // namespace palate::internal

#endif  // PALATE_DATA_DUCKDB_QUERY_H_
