// Parquet files as tables of texts.
#include <optional>
#include <utility>

#include "data/duckdb_query.h"
#include "data/table.h"

namespace palate::internal {
namespace {

/// How a column of DuckDB type `type` becomes the text that a CSV file would hold: times as
/// seconds, whole floating-point numbers (ids that once shared a column with missing ones)
/// without their ".0", lists with '|' between.
std::string as_text(const std::string& column, std::string_view type) {
  const std::string name = sql_name(column);
  if (type.ends_with("[]")) return "array_to_string(" + name + ", '|')";
  if (type == "DATE") return name + "::VARCHAR";
  if (type == "TIMESTAMP WITH TIME ZONE") return "epoch(" + name + ")::VARCHAR";
  if (type.starts_with("TIMESTAMP")) return "epoch(" + name + "::TIMESTAMP)::VARCHAR";
  if (type == "DOUBLE" || type == "FLOAT") {
    return "CASE WHEN " + name + " = trunc(" + name + ") AND abs(" + name + ") < 9e15 THEN " +
           name + "::BIGINT::VARCHAR ELSE " + name + "::VARCHAR END";
  }
  return name + "::VARCHAR";
}

class ParquetTable final : public Table {
 public:
  ParquetTable(const std::filesystem::path& path, Duckdb database)
      : Table(path), database_(std::move(database)) {}

  Status find_columns();
  Status select(std::span<const std::size_t> columns) override;
  Result<bool> next() override;

 private:
  std::string relation() const {
    return "read_parquet(" + sql_path(path_) + ", binary_as_string = true)";
  }

  Duckdb database_;
  std::vector<std::string> types_;
  std::optional<TextRows> rows_;
};

Status ParquetTable::find_columns() {
  Result<TextRows> rows =
      database_.query("SELECT column_name, column_type FROM (DESCRIBE FROM " + relation() + ")");
  if (!rows) return Error{rows.error().code, path_.string() + ": " + rows.error().message};
  for (;;) {
    const Result<bool> found = rows->next();
    if (!found) return found.error();
    if (!*found) return Done{};
    columns_.emplace_back(rows->text(0));
    types_.emplace_back(rows->text(1));
  }
}

Status ParquetTable::select(std::span<const std::size_t> columns) {
  std::string sql;
  for (const std::size_t column : columns) {
    sql += (sql.empty() ? "SELECT " : ", ") + as_text(columns_[column], types_[column]);
  }
  Result<TextRows> rows = database_.query(sql + " FROM " + relation());
  if (!rows) return Error{rows.error().code, path_.string() + ": " + rows.error().message};
  rows_.emplace(std::move(*rows));
  fields_.resize(columns.size());
  return Done{};
}

Result<bool> ParquetTable::next() {
  const Result<bool> found = rows_->next();
  if (!found) return Error{found.error().code, path_.string() + ": " + found.error().message};
  if (!*found) return false;
  ++position_;
  ++read_;
  for (std::size_t i = 0; i < fields_.size(); ++i) fields_[i] = rows_->text(i);
  return true;
}

}  // namespace

Result<std::unique_ptr<Table>> open_parquet_table(const std::filesystem::path& path) {
  Result<Duckdb> database = Duckdb::open();
  if (!database) return database.error();
  auto table = std::make_unique<ParquetTable>(path, std::move(*database));
  if (Status found = table->find_columns(); !found) return found.error();
  return std::unique_ptr<Table>(std::move(table));
}

}  // namespace palate::internal
