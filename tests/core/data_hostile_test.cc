// Files that are broken, cut, forged or not what they seem.
#include <catch_amalgamated.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "data_samples.h"
#include "palate/dataset.h"

namespace palate::testing {
namespace data_hostile_test {

struct Outcome {
  std::vector<SampleRow> rows;
  ReadReport report;
};

/// Reads with any share of bad rows allowed.
Outcome read_leniently(const std::filesystem::path& file) {
  Outcome outcome;
  ReadOptions options;
  options.max_bad = 1;
  const Result<InteractionLog> log = read_interactions(file, options, outcome.report);
  INFO(file << (log ? "" : ": " + log.error().message));
  REQUIRE(log);
  outcome.rows = rows_of(*log);
  CHECK(outcome.report.read == outcome.report.accepted + outcome.report.rejected);
  CHECK(outcome.report.accepted == outcome.rows.size());
  return outcome;
}

/// "line:column:reason" of each rejection shown.
std::vector<std::string> reasons(const ReadReport& report) {
  std::vector<std::string> texts;
  for (const Rejection& rejection : report.examples) {
    texts.push_back(std::to_string(rejection.line) + ":" + rejection.column + ":" +
                    rejection.reason);
  }
  return texts;
}

Error read_error(const std::filesystem::path& file, const ReadOptions& options = {}) {
  ReadReport report;
  const Result<InteractionLog> log = read_interactions(file, options, report);
  REQUIRE_FALSE(log);
  return log.error();
}

using Catch::Matchers::ContainsSubstring;

TEST_CASE("Each kind of bad row is rejected alone, with its line, column and reason") {
  const TemporaryFolder folder;
  const std::string nul("n\0l,4,4,4\n", 10);
  const Outcome outcome = read_leniently(folder.write("log.csv",
                                                      "userId,movieId,rating,timestamp\r\n"
                                                      "1,318,4.5,964982703\n"
                                                      "1,,3,964982703\r\n"
                                                      "\n"
                                                      "1,5,nan,5\n"
                                                      "1,2\n"
                                                      "1,2,3,4,5\n"
                                                      "x,\"open,3,4\n"
                                                      "2,5,1,964982703\n"
                                                      "\xff\xfe,3,3,3\n" +
                                                          nul +
                                                          "5,6,7,8\n"
                                                          "5,6,seven,8\n"
                                                          "5,6,7,-8\n"
                                                          "5,6,7,2250-01-01\n"
                                                          "5,6,7,soon\n"
                                                          "5,7,7,9"));
  CHECK(outcome.rows == std::vector<SampleRow>{{"1", "318", 4.5F, 964'982'703'000},
                                               {"2", "5", 1, 964'982'703'000},
                                               {"5", "6", 7, 8000},
                                               {"5", "7", 7, 9000}});
  CHECK(outcome.report.read == 15);
  CHECK(outcome.report.rejected == 11);
  const std::vector<std::string> shown = reasons(outcome.report);
  CHECK(shown == std::vector<std::string>{
                     "3:movieId:the id is missing",
                     "5:rating:'nan' is not between -1e20 and 1e20",
                     "6::2 fields where 4 are expected",
                     "7::5 fields where 4 are expected",
                     "8::a quote is opened and not closed",
                     "10::the bytes are not UTF-8",
                     "11:userId:the id holds a NUL byte",
                     "13:rating:'seven' is no number",
                     "14:timestamp:'-8' is not between the years 1970 and 2200",
                     "15:timestamp:'2250-01-01' is not between the years 1970 and 2200",
                 });
  CHECK(outcome.report.examples.front().file == (folder.path() / "log.csv").string());
}

TEST_CASE("An unclosed quote costs one row, wherever the file ends") {
  const TemporaryFolder folder;
  std::string text = "user,item\nu0,\"i\n";
  for (int row = 1; row <= 300; ++row) text += "u" + std::to_string(row) + ",i\n";
  const Outcome outcome = read_leniently(folder.write("log.csv", text));
  CHECK(outcome.report.rejected == 1);
  CHECK(outcome.report.examples.at(0).line == 2);
  CHECK(outcome.rows.size() == 300);
  CHECK(read_leniently(folder.write("end.csv", "user,item\nu1,i1\nu2,\"i2")).rows.size() == 1);
}

TEST_CASE("A line of many megabytes is rejected and the rows after it are read") {
  const TemporaryFolder folder;
  const std::string text = "user,item\n1,2\n" + std::string(20'000'000, 'x') + "\n3,4\n5,\n5,6\n";
  const Outcome outcome = read_leniently(folder.write("log.csv", text));
  CHECK(outcome.rows == std::vector<SampleRow>{{"1", "2"}, {"3", "4"}, {"5", "6"}});
  CHECK(reasons(outcome.report) ==
        std::vector<std::string>{"3::the line is longer than 1000000 bytes",
                                 "5:item:the id is missing"});
}

TEST_CASE("Bad JSON lines are rejected alone") {
  const TemporaryFolder folder;
  const Outcome outcome = read_leniently(folder.write("log.jsonl",
                                                      "{\"user\":\"1\",\"item\":\"2\"}\n"
                                                      "{\"user\":\"1\",\"item\":\n"
                                                      "[1,2]\n"
                                                      "{\"user\":\"3\"}\n"
                                                      "{\"user\":\"3\",\"item\":\"4\"}\n"));
  CHECK(outcome.rows == std::vector<SampleRow>{{"1", "2"}, {"3", "4"}});
  CHECK(reasons(outcome.report) == std::vector<std::string>{"2::the line is no JSON object",
                                                            "3::the line is no JSON object",
                                                            "4:item:the id is missing"});
}

TEST_CASE("Too large a share of bad rows stops the reading and shows the first of them") {
  const TemporaryFolder folder;
  std::string text = "user,item\n";
  for (int row = 0; row < 198; ++row) text += "u,i" + std::to_string(row) + "\n";
  const auto at_limit = folder.write("one.csv", text + ",i\nu,\n");
  ReadReport report;
  CHECK(read_interactions(at_limit, {}, report));  // 2 of 200 are not more than 1 %
  const Error error = read_error(folder.write("three.csv", text + ",i\nu,\nu\n"));
  CHECK(error.code == ErrorCode::kDataMalformed);
  CHECK_THAT(error.message, ContainsSubstring("3 of 201 rows"));
  CHECK_THAT(error.message, ContainsSubstring("line 200, column user: the id is missing"));
  CHECK_THAT(error.message, ContainsSubstring("--max-bad"));
}

TEST_CASE("A gzip file that was cut off is refused") {
  const TemporaryFolder folder;
  const auto whole = folder.copy(
      "whole.csv.gz", "SELECT hash(i) AS \"user\", hash(i + 1) AS item FROM range(20000) t(i)",
      "FORMAT csv, HEADER, COMPRESSION gzip");
  std::ifstream file(whole, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  ReadReport report;
  REQUIRE(read_interactions(whole, {}, report));
  const Error error =
      read_error(folder.write("cut.csv.gz", std::string_view(bytes).substr(0, bytes.size() / 2)));
  CHECK(error.code == ErrorCode::kDataMalformed);
  CHECK_THAT(error.message, ContainsSubstring("cut.csv.gz"));
}

TEST_CASE("Files that hold no table are named with the reason") {
  const TemporaryFolder folder;
  CHECK(read_error(folder.path() / "missing.csv").code == ErrorCode::kFileOpen);
  CHECK(read_error(folder.path()).code == ErrorCode::kFileOpen);
  CHECK(read_error(folder.write("empty.csv", "")).code == ErrorCode::kDataEmpty);
  CHECK(read_error(folder.write("blank.csv", "\n \n\n")).code == ErrorCode::kDataEmpty);
  CHECK(read_error(folder.write("header.csv", "user,item\n")).code == ErrorCode::kDataEmpty);
  CHECK_THAT(read_error(folder.write("wide.csv", "\xff\xfeu\0,\0i\0")).message,
             ContainsSubstring("UTF-16"));
  CHECK(read_error(folder.write("one.csv", "user\n1\n2\n")).code == ErrorCode::kDataMalformed);
  CHECK(read_error(folder.write("bad.parquet", "PAR1 and no more")).code ==
        ErrorCode::kDataMalformed);
  CHECK(read_error(folder.write("bad.json", "[{\"user\": 1, \"item\"")).code ==
        ErrorCode::kDataMalformed);
}

TEST_CASE("Columns that cannot be told say what was found and what to type") {
  const TemporaryFolder folder;
  const Error unknown = read_error(folder.write("a.csv", "user,thing\n1,2\n"));
  CHECK(unknown.code == ErrorCode::kDataMalformed);
  CHECK_THAT(unknown.message, ContainsSubstring("user, thing"));
  CHECK_THAT(unknown.message, ContainsSubstring("--columns user=COLUMN,item=COLUMN"));

  CHECK_THAT(read_error(folder.write("b.csv", "kunde,artikel\na,b\n")).message,
             ContainsSubstring("--columns"));
  ReadOptions wrong;
  wrong.columns = {{"user", "user"}, {"item", "artikel"}};
  CHECK_THAT(read_error(folder.write("c.csv", "user,item\na,b\n"), wrong).message,
             ContainsSubstring("no column 'artikel'"));
  ReadOptions role;
  role.columns = {{"buyer", "user"}};
  CHECK(read_error(folder.write("d.csv", "user,item\na,b\n"), role).code ==
        ErrorCode::kRequestInvalid);
}

TEST_CASE("Random bytes never crash the reader") {
  const TemporaryFolder folder;
  std::uint64_t state = 88172645463325252U;
  for (int round = 0; round < 30; ++round) {
    std::string text = round % 2 == 0 ? "user,item,rating\n1,2,3\n" : "";
    for (int i = 0; i < 2000; ++i) {
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
      constexpr std::string_view kLikely = "\n\r\",;\t|:{}[] 019aZ\\\0";
      text += state % 3 == 0 ? static_cast<char>(state >> 32) : kLikely[(state >> 40) % 20];
    }
    ReadReport report;
    ReadOptions options;
    options.max_bad = 1;
    const auto log = read_interactions(folder.write("noise.csv", text), options, report);
    CHECK(report.read == report.accepted + report.rejected);
    if (log) CHECK(report.accepted == log->size());
  }
}

}  // namespace data_hostile_test
}  // namespace palate::testing
