// DuckDB as text columns: open a database in memory, run a statement, stream its rows.
#include "data/duckdb_query.h"

#include <cassert>

namespace palate::internal {
namespace {

std::string quoted(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  result += quote;
  return result;
}

Error duckdb_error(const char* message) {
  std::string_view text = message == nullptr ? "unknown error" : message;
  text = text.substr(0, text.find('\n'));
  return {ErrorCode::kDataMalformed, std::string(text)};
}

}  // namespace

std::string sql_text(std::string_view text) { return quoted(text, '\''); }

std::string sql_path(const std::filesystem::path& path) {
  std::string pattern;
  for (const char c : path.string()) {
    const bool special = c == '*' || c == '?' || c == '[';
    pattern += special ? std::string{'[', c, ']'} : std::string(1, c);
  }
  return sql_text(pattern);
}

std::string sql_name(std::string_view name) { return quoted(name, '"'); }

void TextRows::FreeResult::operator()(duckdb_result* result) const {
  duckdb_destroy_result(result);
  delete result;
}

Result<bool> TextRows::next() {
  if (++row_ < rows_) return true;
  return fetch();
}

Result<bool> TextRows::fetch() {
  row_ = 0;
  rows_ = 0;
  chunk_.reset(duckdb_fetch_chunk(*result_));
  if (chunk_ == nullptr) {
    if (const char* message = duckdb_result_error(result_.get())) return duckdb_error(message);
    return false;
  }
  rows_ = duckdb_data_chunk_get_size(chunk_.get());
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(chunk_.get(), column);
    columns_[column] = {static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector)),
                        duckdb_vector_get_validity(vector)};
  }
  return rows_ > 0;
}

bool TextRows::is_null(std::size_t column) const {
  const std::uint64_t* validity = columns_[column].validity;
  return validity != nullptr && (validity[row_ / 64] >> (row_ % 64) & 1) == 0;
}

std::string_view TextRows::text(std::size_t column) const {
  if (is_null(column)) return {};
  duckdb_string_t* text = columns_[column].texts + row_;
  return {duckdb_string_t_data(text), duckdb_string_t_length(*text)};
}

Result<Duckdb> Duckdb::open() {
  duckdb_config settings = nullptr;
  if (duckdb_create_config(&settings) == DuckDBError) return duckdb_error("no settings");
  const Owned<duckdb_config, duckdb_destroy_config> owned_settings(settings);
  duckdb_set_config(settings, "autoinstall_known_extensions", "false");
  duckdb_set_config(settings, "autoload_known_extensions", "false");
  Duckdb result;
  duckdb_database database = nullptr;
  char* message = nullptr;
  if (duckdb_open_ext(nullptr, &database, settings, &message) == DuckDBError) {
    Error error = duckdb_error(message);
    duckdb_free(message);
    return error;
  }
  result.database_.reset(database);
  duckdb_connection connection = nullptr;
  if (duckdb_connect(database, &connection) == DuckDBError) return duckdb_error("no connection");
  result.connection_.reset(connection);
  return result;
}

Result<TextRows> Duckdb::query(const std::string& sql) {
  duckdb_prepared_statement prepared = nullptr;
  const duckdb_state state = duckdb_prepare(connection_.get(), sql.c_str(), &prepared);
  const Owned<duckdb_prepared_statement, duckdb_destroy_prepare> statement(prepared);
  if (state == DuckDBError) return duckdb_error(duckdb_prepare_error(prepared));

  duckdb_pending_result pending = nullptr;
  const duckdb_state pended = duckdb_pending_prepared_streaming(prepared, &pending);
  const Owned<duckdb_pending_result, duckdb_destroy_pending> owned_pending(pending);
  if (pended == DuckDBError) return duckdb_error(duckdb_pending_error(pending));

  TextRows rows;
  rows.result_.reset(new duckdb_result{});
  if (duckdb_execute_pending(pending, rows.result_.get()) == DuckDBError) {
    return duckdb_error(duckdb_result_error(rows.result_.get()));
  }
  rows.columns_.resize(duckdb_column_count(rows.result_.get()));
  for (std::size_t column = 0; column < rows.columns_.size(); ++column) {
    assert(duckdb_column_type(rows.result_.get(), column) == DUCKDB_TYPE_VARCHAR);
  }
  return rows;
}

}  // namespace palate::internal
