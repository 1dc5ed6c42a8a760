// Files and logs that the tests of the data folder share.
#ifndef PALATE_TESTS_CORE_DATA_SAMPLES_H_
#define PALATE_TESTS_CORE_DATA_SAMPLES_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "palate/dataset.h"

namespace palate::testing {

/// A folder of a test's own, gone with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  /// Writes a file into the folder and returns its path.
  std::filesystem::path write(const std::string& name, std::string_view bytes) const;

  /// Lets DuckDB write the rows of a query: `options` such as "FORMAT parquet".
  std::filesystem::path copy(const std::string& name, const std::string& query,
                             const std::string& options) const;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// One row of a log, as texts.
struct SampleRow {
  std::string user;
  std::string item;
  float value = kNoValue;
  std::int64_t time_ms = -1;

  bool operator==(const SampleRow& other) const;
};
std::ostream& operator<<(std::ostream& out, const SampleRow& row);

std::vector<SampleRow> rows_of(const InteractionLog& log);

/// The log of these rows; values and times only where `with_values` and `with_times` say so.
InteractionLog log_of_rows(const std::vector<SampleRow>& rows, bool with_values, bool with_times);

}  // namespace palate::testing

#endif  // PALATE_TESTS_CORE_DATA_SAMPLES_H_
