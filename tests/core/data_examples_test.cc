// Examples: which columns are features of which kind, what is learned of them, and from which rows.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "data_samples.h"
#include "palate/examples.h"

namespace palate::testing {
namespace data_examples_test {

using Catch::Matchers::ContainsSubstring;
using Texts = std::vector<std::string>;

ExampleLog read(const std::filesystem::path& file, ExampleOptions options, ReadReport& report) {
  options.table.max_bad = 1;
  Result<ExampleLog> log = read_examples(file, options, report);
  INFO((log ? "" : log.error().message));
  REQUIRE(log.ok());
  CHECK(report.accepted == log->rows);
  return std::move(*log);
}

ExampleLog read(const std::filesystem::path& file, const ExampleOptions& options = {}) {
  ReadReport report;
  return read(file, options, report);
}

const Attribute& column(const ExampleLog& log, std::string_view name) {
  const auto found = std::ranges::find(log.columns, name, &Attribute::name);
  REQUIRE(found != log.columns.end());
  return *found;
}

bool has_column(const ExampleLog& log, std::string_view name) {
  return std::ranges::find(log.columns, name, &Attribute::name) != log.columns.end();
}

constexpr const char* kLog =
    "user,item,clicked,price,genres,timestamp,code,note\n"
    "u1,7,1,10.5,Drama|War,1600000000,1,\n"
    "u2,8,0,,Comedy,1600000001,2,\n"
    "u1,7,true,NaN,,1600000002,x,\n"
    "u3,9,false,-3,Drama,1600000003,2,\n";

TEST_CASE("Columns are features by what they hold, but for label, time and user") {
  const TemporaryFolder folder;
  ReadReport report;
  const ExampleLog log = read(folder.write("log.csv", kLog), {}, report);
  CHECK(log.rows == 4);
  CHECK(log.label_name == "clicked");
  CHECK(log.labels == std::vector<float>{1, 0, 1, 0});
  CHECK(log.user == std::vector<std::uint32_t>{0, 1, 0, 2});
  CHECK(log.users == 3);
  CHECK(log.time_ms.front() == 1'600'000'000'000);
  REQUIRE(log.columns.size() == 4);
  CHECK(column(log, "item").categories == Texts{"7", "8", "9"});  // ids, though they are digits
  const Attribute& price = column(log, "price");
  CHECK(price.numbers[0] == 10.5F);
  CHECK((std::isnan(price.numbers[1]) && std::isnan(price.numbers[2])));
  const Attribute& genres = column(log, "genres");
  CHECK(genres.categories == Texts{"Drama", "War", "Comedy"});
  CHECK(genres.offsets == std::vector<std::uint32_t>{0, 2, 3, 3, 4});
  CHECK(column(log, "code").kind == AttributeKind::kCategory);
  CHECK(report.left_out == Texts{"column 8, note (empty)"});
}

TEST_CASE("Flags say which columns are numbers, categories or no features") {
  const TemporaryFolder folder;
  const auto file = folder.write("log.csv", kLog);
  ExampleOptions options;
  options.numeric = {"code"};
  options.categorical = {"price"};
  options.ignored = {"genres", "note"};
  ReadReport report;
  const ExampleLog log = read(file, options, report);
  CHECK(report.rejected == 1);
  CHECK(report.examples.at(0).line == 4);
  CHECK(report.examples.at(0).column == "code");
  CHECK(report.examples.at(0).reason == "'x' is no number");
  CHECK(column(log, "code").numbers == std::vector<float>{1, 2, 2});
  CHECK(column(log, "price").categories == Texts{"10.5", "-3"});
  CHECK_FALSE(has_column(log, "genres"));
  options = {};
  options.categorical = {"user"};
  const ExampleLog with_users = read(file, options);
  CHECK(with_users.user.empty());
  CHECK(column(with_users, "user").categories == Texts{"u1", "u2", "u3"});
  options.ignored = {"nothing"};
  const auto refused = read_examples(file, options, report);
  REQUIRE_FALSE(refused.ok());
  CHECK_THAT(refused.error().message, ContainsSubstring("there is no column 'nothing'"));
}

TEST_CASE("A label must be there, and be a number or a truth") {
  const TemporaryFolder folder;
  ReadReport report;
  const auto unnamed = folder.write("a.csv", "user,price\nu1,3\n");
  const auto refused = read_examples(unnamed, {}, report);
  REQUIRE_FALSE(refused.ok());
  CHECK_THAT(refused.error().message, ContainsSubstring("no column is known as the label"));
  ExampleOptions options;
  options.labelled = false;
  CHECK(read(unnamed, options).labels.empty());
  options = {};
  options.table.columns = {{"label", "price"}};
  CHECK(read(unnamed, options).labels == std::vector<float>{3});
  const ExampleLog log =
      read(folder.write("b.csv", "label,x\n1,1\n,2\nmaybe,3\n0.5,4\n"), {}, report);
  CHECK(log.labels == std::vector<float>{1, 0.5F});
  CHECK(report.rejected == 2);
  CHECK(report.examples.at(0).reason == "the label is missing");
  CHECK(report.examples.at(1).reason == "'maybe' is no number");
}

/// A log with one number and one category column, and a label.
ExampleLog log_of(std::vector<float> numbers, const Texts& categories) {
  ExampleLog log;
  log.rows = numbers.size();
  log.labels.assign(log.rows, 0);
  Attribute kind{"kind", AttributeKind::kCategory, {}, {}, {0}, {}};
  for (const std::string& text : categories) {
    if (!text.empty()) {
      const auto known = std::ranges::find(kind.categories, text);
      kind.entries.push_back(static_cast<std::uint32_t>(known - kind.categories.begin()));
      if (known == kind.categories.end()) kind.categories.push_back(text);
    }
    kind.offsets.push_back(static_cast<std::uint32_t>(kind.entries.size()));
  }
  log.columns = {{"x", AttributeKind::kNumber, std::move(numbers), {}, {}, {}}, std::move(kind)};
  return log;
}

TEST_CASE("Scales and vocabularies are learned from the given rows alone") {
  const ExampleLog log = log_of({1, 3, kNoValue, 1000}, {"b", "a", "b", "c"});
  const std::vector<std::uint32_t> rows = {0, 1, 2};
  Texts left_out;
  const auto columns = fit_columns(log.columns, rows, {.min_count = 1}, left_out);
  REQUIRE(columns.size() == 2);
  CHECK(columns[0].has_missing);
  CHECK(columns[0].scale.minimum == 1);
  CHECK(columns[0].scale.maximum == 3);  // the fourth row was not looked at
  CHECK(columns[0].scale.mean == 2);
  CHECK(columns[0].scale.scale == 1);
  CHECK(scaled(columns[0].scale, 1000) == 1);  // taken for the largest number that was seen
  CHECK(scaled(columns[0].scale, kNoValue) == 0);
  CHECK(columns[1].categories == Texts{"a", "b"});
  const std::vector<EncodedColumn> cells = encode(log.columns, log.rows, columns);
  CHECK(cells[1].entries == std::vector<std::uint32_t>{1, 0, 1, 2});  // c: any other
  CHECK(left_out.empty());
}

TEST_CASE("A vocabulary is bounded, and missing and unknown cells have rows of their own") {
  const ExampleLog log = log_of(std::vector<float>(8, 5), {"a", "b", "b", "c", "c", "c", "", "d"});
  std::vector<std::uint32_t> rows(8);
  std::iota(rows.begin(), rows.end(), 0U);
  Texts left_out;
  auto columns = fit_columns(log.columns, rows, {.min_count = 2}, left_out);
  REQUIRE(columns.size() == 1);
  CHECK(columns[0].categories == Texts{"b", "c"});
  CHECK(encode(log.columns, log.rows, columns)[0].entries ==
        std::vector<std::uint32_t>{2, 0, 0, 1, 1, 1, 3, 2});
  CHECK(left_out == Texts{"x (always the same)"});
  columns = fit_columns(log.columns, rows, {.min_count = 2, .max_categories = 1}, left_out);
  CHECK(columns[0].categories == Texts{"c"});
  left_out.clear();
  CHECK(fit_columns(log.columns, rows, {.min_count = 4}, left_out).empty());
  CHECK(left_out == Texts{"x (always the same)", "kind (no category stands in 4 rows)"});
}

TEST_CASE("Several categories that a model does not know are one") {
  ExampleLog log = log_of({0}, {});
  log.columns[1] = {"kind", AttributeKind::kCategory, {}, {"p", "q", "a"}, {0, 3}, {0, 1, 2}};
  const TabularColumn fitted{"kind", AttributeKind::kCategory, {}, false, {"a"}, 0, {}, {}};
  CHECK(encode(log.columns, log.rows, std::vector{fitted})[0].entries ==
        std::vector<std::uint32_t>{1, 0});
}

TEST_CASE("Skewed numbers are scaled by their logarithms") {
  std::vector<float> numbers;
  for (int k = 0; k < 12; ++k) numbers.push_back(std::exp2(static_cast<float>(k)) - 1);
  const ExampleLog log = log_of(numbers, Texts(12, "a"));
  std::vector<std::uint32_t> rows(12);
  std::iota(rows.begin(), rows.end(), 0U);
  Texts left_out;
  const auto scale_of = [&](Scaling scaling) {
    return fit_columns(log.columns, rows, {.scaling = scaling}, left_out)[0].scale;
  };
  CHECK(scale_of(Scaling::kAuto).logarithmic);
  CHECK(scale_of(Scaling::kLog).logarithmic);
  const NumberScale standard = scale_of(Scaling::kStandard);
  CHECK_FALSE(standard.logarithmic);
  double sum = 0;
  double squares = 0;
  for (const float x : numbers) {
    const double z = scaled(scale_of(Scaling::kAuto), x);
    sum += z;
    squares += z * z;
  }
  CHECK(sum == Catch::Approx(0).margin(1e-4));
  CHECK(squares / 12 == Catch::Approx(1).margin(1e-4));
}

TEST_CASE("Splits hold out rows, users or what is newest, each row once") {
  ExampleLog log = log_of(std::vector<float>(100, 1), Texts(100, "a"));
  for (std::uint32_t row = 0; row < 100; ++row) {
    log.user.push_back(row % 10);
    log.time_ms.push_back(1000 + (row * 37) % 100);
  }
  log.users = 10;
  const auto protocol = GENERATE(ExampleProtocol::kRowSplit, ExampleProtocol::kUserSplit,
                                 ExampleProtocol::kTimeSplit);
  const Result<ExampleSplit> parts = split(log, {protocol, 0.3, 7});
  REQUIRE(parts.ok());
  CHECK(parts->test.size() == 30);
  std::vector<std::uint32_t> all = parts->train;
  all.insert(all.end(), parts->test.begin(), parts->test.end());
  std::ranges::sort(all);
  for (std::uint32_t row = 0; row < 100; ++row) CHECK(all[row] == row);
  std::set<std::uint32_t> users;
  for (const std::uint32_t row : parts->test) {
    users.insert(log.user[row]);
    if (protocol == ExampleProtocol::kTimeSplit) CHECK(log.time_ms[row] >= 1070);
  }
  if (protocol == ExampleProtocol::kUserSplit) CHECK(users.size() == 3);
  const ExampleLog test = rows_of(log, parts->test);
  CHECK(test.rows == 30);
  CHECK(test.user.front() == log.user[parts->test.front()]);
  CHECK(test.columns[1].offsets.size() == 31);
}

TEST_CASE("A split that the log cannot give says what is missing") {
  const ExampleLog log = log_of({1, 2, 3}, {"a", "a", "a"});
  CHECK_THAT(split(log, {ExampleProtocol::kUserSplit, 0.5, 1}).error().message,
             ContainsSubstring("needs users"));
  CHECK_THAT(split(log, {ExampleProtocol::kTimeSplit, 0.5, 1}).error().message,
             ContainsSubstring("needs timestamps"));
}

}  // namespace data_examples_test
}  // namespace palate::testing
