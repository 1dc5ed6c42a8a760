// From rows in files to labelled examples: a behaviour log whose columns are features.
#ifndef PALATE_EXAMPLES_H_
#define PALATE_EXAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "palate/dataset.h"
#include "palate/model.h"
#include "palate/model_writer.h"
#include "palate/result.h"

namespace palate {

/// Rows of a behaviour log, an example each, in file order. `columns` are the features: attributes
/// with a cell a row in place of an item (`Attribute`): a number, NaN where missing, or a set of
/// categories, empty where missing.
struct ExampleLog {
  std::size_t rows = 0;
  std::string label_name;             ///< of the label's column
  std::vector<float> labels;          ///< one a row; empty where the file has none
  std::vector<std::int64_t> time_ms;  ///< one a row; empty where the file has no timestamps
  std::vector<std::uint32_t> user;    ///< whose row it is, numbered; empty where nobody is named
  std::uint32_t users = 0;
  std::vector<Attribute> columns;
};

/// How to read examples. Roles of columns: label, timestamp, user. The column of a user is no
/// feature: a model file knows no users, and a visitor is none of them; it tells which rows belong
/// together. Any other column, and one that `numeric` or `categorical` names, is a feature: of
/// numbers, where all of its cells that are not missing are numbers, else of categories, which '|'
/// separates; that of an item (by its name) always of categories.
struct ExampleOptions {
  ReadOptions table;
  std::vector<std::string> numeric;      ///< of numbers; a cell that is none rejects its row
  std::vector<std::string> categorical;  ///< of categories, such as codes in digits
  std::vector<std::string> ignored;      ///< no features
  bool labelled = true;                  ///< false: labels are not read, and need not be there
};

/// Reads examples. `kDataMalformed` names file, line, column and reason. A label is a number, true
/// or false; a row without one is rejected. Missing cells are those of `read_items`. The report's
/// `left_out` says which columns are no features, and why.
Result<ExampleLog> read_examples(const std::filesystem::path& path, const ExampleOptions& options,
                                 ReadReport& report);

/// The names of a file's columns. A first row with a name that `options` gives is a header.
Result<std::vector<std::string>> column_names(const std::filesystem::path& path,
                                              const ExampleOptions& options);

/// The given rows, in that order.
ExampleLog rows_of(const ExampleLog& log, std::span<const std::uint32_t> rows);

/// Which examples are held out.
enum class ExampleProtocol {
  kRowSplit,   ///< rows at random
  kUserSplit,  ///< users at random, with all their rows; needs users
  kTimeSplit,  ///< the newest rows; needs timestamps
};

struct ExampleSplitOptions {
  ExampleProtocol protocol = ExampleProtocol::kRowSplit;
  double share = 0.2;      ///< of the rows, or of the users
  std::uint64_t seed = 1;  ///< which rows, or which users
};

/// Rows of the log, ascending; each is in one of the two.
struct ExampleSplit {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
};
Result<ExampleSplit> split(const ExampleLog& log, const ExampleSplitOptions& options);

/// How numbers are brought to one size: standardised as they are, or their logarithms; kAuto takes
/// logarithms where these are less skewed, and skewness is above 1.
enum class Scaling : std::uint8_t { kAuto, kStandard, kLog };

struct FeatureOptions {
  Scaling scaling = Scaling::kAuto;
  std::uint32_t min_count = 10;           ///< rows that a category must stand in
  std::uint32_t max_categories = 100000;  ///< of a column: the most frequent ones
};

/// Scales and vocabularies of the columns (a `TabularColumn` each, without vectors and weights),
/// learned from the given rows alone. `left_out` says which columns tell nothing there, and why.
std::vector<TabularColumn> fit_columns(std::span<const Attribute> columns,
                                       std::span<const std::uint32_t> rows,
                                       const FeatureOptions& options,
                                       std::vector<std::string>& left_out);

/// The cells of one column as a model of it takes them, row after row.
struct EncodedColumn {
  std::vector<float> numbers;
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint32_t> entries;

  CellsView view() const { return {numbers, offsets, entries}; }
};

/// The cells of the column of a log that each of the model's columns names: all missing, `rows` of
/// them, where it has none of that name and kind.
std::vector<EncodedColumn> encode(std::span<const Attribute> log, std::size_t rows,
                                  std::span<const TabularColumn> columns);
std::vector<EncodedColumn> encode(std::span<const Attribute> log, std::size_t rows,
                                  std::span<const TabularColumnView> columns);

/// Views of all of them.
std::vector<CellsView> views_of(std::span<const EncodedColumn> columns);

}  // namespace palate

#endif  // PALATE_EXAMPLES_H_
