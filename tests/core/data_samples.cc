// Files and logs that the tests of the data folder share.
#include "data_samples.h"

#include <unistd.h>

#include <catch_amalgamated.hpp>
#include <cmath>
#include <fstream>
#include <ostream>

#include "data/duckdb_query.h"
#include "log/text_index.h"

namespace palate::testing {

TemporaryFolder::TemporaryFolder() {
  static int count = 0;
  path_ = std::filesystem::temp_directory_path() /
          ("palate-data-" + std::to_string(getpid()) + "-" + std::to_string(count++));
  std::filesystem::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

std::filesystem::path TemporaryFolder::write(const std::string& name,
                                             std::string_view bytes) const {
  const std::filesystem::path file = path_ / name;
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
  return file;
}

std::filesystem::path TemporaryFolder::copy(const std::string& name, const std::string& query,
                                            const std::string& options) const {
  std::filesystem::path file = path_ / name;
  const std::string statement =
      "COPY (" + query + ") TO " + internal::sql_text(file.string()) + " (" + options + ")";
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  REQUIRE(duckdb_open(nullptr, &database) == DuckDBSuccess);
  REQUIRE(duckdb_connect(database, &connection) == DuckDBSuccess);
  duckdb_result result;
  const duckdb_state state = duckdb_query(connection, statement.c_str(), &result);
  const char* message = duckdb_result_error(&result);
  const std::string failure = message == nullptr ? "" : message;
  duckdb_destroy_result(&result);
  duckdb_disconnect(&connection);
  duckdb_close(&database);
  INFO(failure);
  REQUIRE(state == DuckDBSuccess);
  return file;
}

bool SampleRow::operator==(const SampleRow& other) const {
  const bool same_value = value == other.value || (std::isnan(value) && std::isnan(other.value));
  return user == other.user && item == other.item && same_value && time_ms == other.time_ms;
}

std::ostream& operator<<(std::ostream& out, const SampleRow& row) {
  return out << row.user << ',' << row.item << ',' << row.value << ',' << row.time_ms;
}

std::vector<SampleRow> rows_of(const InteractionLog& log) {
  std::vector<SampleRow> rows;
  for (std::size_t row = 0; row < log.size(); ++row) {
    rows.push_back({log.users[log.user[row]], log.items[log.item[row]],
                    log.value.empty() ? kNoValue : log.value[row],
                    log.time_ms.empty() ? -1 : log.time_ms[row]});
  }
  return rows;
}

InteractionLog log_of_rows(const std::vector<SampleRow>& rows, bool with_values, bool with_times) {
  internal::TextIndex users;
  internal::TextIndex items;
  InteractionLog log;
  for (const SampleRow& row : rows) {
    log.user.push_back(users.number_of(row.user));
    log.item.push_back(items.number_of(row.item));
    if (with_values) log.value.push_back(row.value);
    if (with_times) log.time_ms.push_back(row.time_ms);
  }
  log.users = std::move(users).release();
  log.items = std::move(items).release();
  return log;
}

}  // namespace palate::testing
