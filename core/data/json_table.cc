// Tables of JSON objects: one a line, or an array of them.
#include <algorithm>
#include <optional>
#include <utility>

#include "data/table.h"

namespace palate::internal {
namespace {

/// Rows whose keys become the columns.
constexpr int kSampleRows = 1000;

/// Whether the line is an object; a CASE, since AND may look at the type of what is no JSON.
constexpr std::string_view kIsObject =
    "CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END";

/// The key as a JSON pointer (RFC 6901), as a literal of SQL.
std::string pointer(std::string_view key) {
  std::string path = "/";
  for (const char c : key) {
    if (c == '~') {
      path += "~0";
    } else if (c == '/') {
      path += "~1";
    } else {
      path += c;
    }
  }
  return sql_text(path);
}

/// The value as text, numbers digit by digit; the entries of a list with '|' between.
std::string value_of(const std::string& key) {
  const std::string path = pointer(key);
  return "CASE WHEN json_type(line, " + path + ") = 'ARRAY' THEN array_to_string(" +
         "json_extract_string(json_extract(line, " + path + "), '$[*]'), '|') ELSE " +
         "json_extract_string(line, " + path + ") END";
}

/// "is an object" and then the wanted values, each null where the line is no object.
std::string expressions(std::span<const std::string> keys) {
  std::string sql = "line, (" + std::string(kIsObject) + ")::VARCHAR";
  for (const std::string& key : keys) {
    sql += ", CASE WHEN " + std::string(kIsObject) + " THEN " + value_of(key) + " END";
  }
  return sql;
}

class JsonTable final : public Table {
 public:
  JsonTable(const std::filesystem::path& path, const FileKind& kind, bool is_array)
      : Table(path), kind_(kind), is_array_(is_array) {}

  Status find_columns();
  Status select(std::span<const std::size_t> columns) override;
  Result<bool> next() override;

 protected:
  Result<std::vector<RefusedLine>> refused_lines() override { return source_->finish(); }

 private:
  Result<LineSource> open_source(const std::string& sql) const {
    return is_array_ ? LineSource::open_array(path_, kind_, sql)
                     : LineSource::open(path_, kind_, LineSource::Encoding::kUtf8, sql);
  }

  FileKind kind_;
  bool is_array_;
  std::optional<LineSource> source_;
};

Status JsonTable::find_columns() {
  Result<LineSource> rows = open_source("line, CASE WHEN " + std::string(kIsObject) +
                                        " THEN array_to_string(json_keys(line), chr(10)) END");
  if (!rows) return rows.error();
  for (int row = 0; row < kSampleRows; ++row) {
    const Result<bool> found = rows->next();
    if (!found) return found.error();
    if (!*found) break;
    std::string_view keys = rows->computed(1);
    while (!keys.empty()) {
      const std::string key(keys.substr(0, keys.find('\n')));
      keys.remove_prefix(std::min(keys.size(), key.size() + 1));
      if (std::ranges::find(columns_, key) == columns_.end()) columns_.push_back(key);
    }
  }
  if (columns_.empty()) {
    return Error{ErrorCode::kDataMalformed, path_.string() + ": holds no JSON object"};
  }
  return Done{};
}

Status JsonTable::select(std::span<const std::size_t> columns) {
  std::vector<std::string> keys;
  for (const std::size_t column : columns) keys.push_back(columns_[column]);
  Result<LineSource> source = open_source(expressions(keys));
  if (!source) return source.error();
  source_.emplace(std::move(*source));
  fields_.resize(columns.size());
  return Done{};
}

Result<bool> JsonTable::next() {
  for (;;) {
    Result<bool> found = source_->next();
    if (!found || !*found) return found;
    ++position_;
    if (source_->line().find_first_not_of(" \t\r") == std::string_view::npos) continue;
    ++read_;
    if (source_->computed(1) == "true") break;
    reject("", "the line is no JSON object");
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) fields_[i] = source_->computed(i + 2);
  return true;
}

}  // namespace

Result<std::unique_ptr<Table>> open_json_table(const std::filesystem::path& path,
                                               const FileKind& kind, bool is_array) {
  auto table = std::make_unique<JsonTable>(path, kind, is_array);
  if (Status found = table->find_columns(); !found) return found.error();
  return std::unique_ptr<Table>(std::move(table));
}

}  // namespace palate::internal
