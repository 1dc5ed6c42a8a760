// Every format of interactions, well formed.
#include <catch_amalgamated.hpp>
#include <string>
#include <vector>

#include "data_samples.h"
#include "palate/dataset.h"

namespace palate::testing {
namespace data_read_test {

const std::vector<SampleRow> kExpected = {
    {"1", "318", 4.5F, 964'982'703'000},
    {"007", "12345678901234567890", 3.0F, 964'982'704'000},
    {"x y", "a,b", kNoValue, 964'982'705'000},
};

std::vector<SampleRow> read_rows(const std::filesystem::path& file, const ReadOptions& options,
                                 ReadReport& report) {
  const Result<InteractionLog> log = read_interactions(file, options, report);
  INFO(file << (log ? "" : ": " + log.error().message));
  REQUIRE(log);
  CHECK(report.read == report.accepted + report.rejected);
  CHECK(report.accepted == log->size());
  return rows_of(*log);
}

std::vector<SampleRow> read_rows(const std::filesystem::path& file) {
  ReadReport report;
  return read_rows(file, {}, report);
}

TEST_CASE("CSV with a byte order mark and mixed line ends is read; ids stay texts") {
  const TemporaryFolder folder;
  CHECK(read_rows(folder.write("log.csv",
                               "\xef\xbb\xbfuserId,movieId,rating,timestamp\r\n"
                               "1,318,4.5,964982703\n"
                               "\n"
                               "007,12345678901234567890,3,964982704\r\n"
                               "x y,\"a,b\",,964982705")) == kExpected);
}

TEST_CASE("TSV, semicolons and MovieLens's double colons are read") {
  const TemporaryFolder folder;
  CHECK(read_rows(folder.write("log.tsv",
                               "user_id\titem_id\trating\tts\n"
                               "1\t318\t4.5\t964982703\n"
                               "007\t12345678901234567890\t3\t964982704000\n"
                               "x y\ta,b\t\t2000-07-30T18:45:05Z\n")) == kExpected);
  CHECK(read_rows(folder.write("log.txt",
                               "user;item;value;date\n"
                               "1;318;4.5;2000-07-30 18:45:03\n"
                               "007;12345678901234567890;3;2000-07-30 18:45:04\n"
                               "x y;a,b;;2000-07-30 18:45:05\n")) == kExpected);
  CHECK(read_rows(folder.write("ratings.dat",
                               "1::318::4.5::964982703\n"
                               "007::12345678901234567890::3::964982704\n"
                               "x y::a,b::::964982705\n")) == kExpected);
}

TEST_CASE("Lines of user and item with blanks between are read") {
  const TemporaryFolder folder;
  const std::vector<SampleRow> expected = {{"1", "10"}, {"1", "20"}, {"2", "10"}};
  CHECK(read_rows(folder.write("pairs.txt", "1 10\n1 20\n2 10\n")) == expected);
}

TEST_CASE("JSON lines and a JSON array are read, large numbers digit by digit") {
  const TemporaryFolder folder;
  const std::string first = R"({"user": 1, "item": "318", "rating": 4.5, "ts": 964982703})";
  const std::string second =
      R"({"item": 12345678901234567890, "user": "007", "rating": "3", "ts": 964982704})";
  const std::string third = R"({"user": "x y", "item": "a,b", "rating": null, "ts": 964982705})";
  CHECK(read_rows(folder.write("log.jsonl", first + "\n" + second + "\n\n" + third)) == kExpected);
  CHECK(read_rows(folder.write("log.json", "[" + first + ",\n" + second + "," + third + "]")) ==
        kExpected);
}

TEST_CASE("Parquet is read, whatever its columns' types") {
  const TemporaryFolder folder;
  const std::string texts =
      "SELECT * FROM (VALUES ('1', '318', 4.5, 964982703), ('007', '12345678901234567890', 3.0, "
      "964982704), ('x y', 'a,b', NULL, 964982705)) AS t(\"user\", item, rating, \"timestamp\")";
  CHECK(read_rows(folder.copy("texts.parquet", texts, "FORMAT parquet")) == kExpected);

  const std::string typed =
      "SELECT 9007199254740993::UBIGINT AS userId, 318.0::DOUBLE AS itemId, 4.5::FLOAT AS rating, "
      "TIMESTAMP '2000-07-30 18:45:03' AS time";
  const std::vector<SampleRow> expected = {{"9007199254740993", "318", 4.5F, 964'982'703'000}};
  CHECK(read_rows(folder.copy("typed.parquet", typed, "FORMAT parquet")) == expected);

  const std::string zoned =
      "SELECT 'u'::BLOB AS uid, 7 AS iid, TIMESTAMPTZ '1970-01-02 01:00:00+01' AS time";
  CHECK(read_rows(folder.copy("zoned.parquet", zoned, "FORMAT parquet")) ==
        std::vector<SampleRow>{{"u", "7", kNoValue, 86'400'000}});
}

TEST_CASE("Compressed files are seen through by their first bytes, not their names") {
  const TemporaryFolder folder;
  const std::string query =
      "SELECT i % 100 AS \"user\", i AS item, i * 1000 AS \"timestamp\" FROM range(5000) t(i)";
  for (const std::string codec : {"gzip", "zstd"}) {
    const auto file =
        folder.copy(codec + ".bin", query, "FORMAT csv, HEADER, COMPRESSION " + codec);
    const std::vector<SampleRow> rows = read_rows(file);
    REQUIRE(rows.size() == 5000);
    CHECK(rows[4321] == SampleRow{"21", "4321", kNoValue, 4'321'000'000});
  }
}

TEST_CASE("Columns can be given by name and, without a header, by number") {
  const TemporaryFolder folder;
  const std::vector<SampleRow> expected = {{"anna", "b1", 5}, {"ben", "b2", 4}};
  ReadReport report;
  ReadOptions named;
  named.columns = {{"user", "Leserin"}, {"item", "buch"}, {"value", "Note"}};
  CHECK(read_rows(folder.write("named.csv", "buch,Leserin,Note\nb1,anna,5\nb2,ben,4\n"), named,
                  report) == expected);
  CHECK(report.columns == std::map<std::string, std::string>{
                              {"user", "Leserin"}, {"item", "buch"}, {"value", "Note"}});
  ReadOptions numbered;
  numbered.columns = {{"user", "2"}, {"item", "1"}, {"value", "3"}};
  CHECK(read_rows(folder.write("numbered.csv", "b1,anna,5\nb2,ben,4\n"), numbered, report) ==
        expected);
}

TEST_CASE("A quoted field may hold line breaks") {
  const TemporaryFolder folder;
  const std::vector<SampleRow> expected = {{"u\n1", "i"}, {"u2", "i"}};
  CHECK(read_rows(folder.write("log.csv", "user,item\n\"u\n1\",i\nu2,i\n")) == expected);
}

TEST_CASE("A file name with the marks of a pattern is a file name") {
  const TemporaryFolder folder;
  folder.write("a1.csv", "user,item\nwrong,wrong\n");
  CHECK(read_rows(folder.write("a[1].csv", "user,item\n1,2\n")) ==
        std::vector<SampleRow>{{"1", "2"}});
  CHECK(read_rows(folder.write("it's.csv", "user,item\n1,2\n")).size() == 1);
}

TEST_CASE("Many rows keep their order and values") {
  const TemporaryFolder folder;
  const auto file =
      folder.copy("many.csv",
                  "SELECT i * 7919 % 1009 AS user_id, i * 31 % 257 AS item_id, i % 10 / 2 AS "
                  "rating, 1000000000 + i AS ts FROM range(100000) t(i)",
                  "FORMAT csv, HEADER");
  const std::vector<SampleRow> rows = read_rows(file);
  REQUIRE(rows.size() == 100'000);
  for (std::int64_t i = 0; i < 100'000; i += 997) {
    REQUIRE(rows[static_cast<std::size_t>(i)] ==
            SampleRow{std::to_string(i * 7919 % 1009), std::to_string(i * 31 % 257),
                      static_cast<float>(i % 10) / 2, (1'000'000'000 + i) * 1000});
  }
}

TEST_CASE("Types of events are read, missing ones too") {
  const TemporaryFolder folder;
  const auto file = folder.write("log.csv", "user,item,event\n1,2,view\n1,3, \n2,2,buy\n2,3,view");
  ReadReport report;
  const Result<InteractionLog> log = read_interactions(file, {}, report);
  REQUIRE(log);
  CHECK(log->types == std::vector<std::string>{"view", "buy"});
  CHECK(log->type == std::vector<std::uint32_t>{1, 0, 2, 1});
  CHECK(report.left_out.empty());
}

TEST_CASE("A column of more types than a model can tell apart is left out, and said to be") {
  const TemporaryFolder folder;
  std::string rows = "user,item,event\n";
  for (std::size_t k = 0; k <= kMaxEventTypes; ++k) rows += "1,2,t" + std::to_string(k) + "\n";
  ReadReport report;
  const Result<InteractionLog> log = read_interactions(folder.write("log.csv", rows), {}, report);
  REQUIRE(log);
  CHECK(log->size() == kMaxEventTypes + 1);
  CHECK(log->types.empty());
  CHECK(log->type.empty());
  REQUIRE(report.left_out.size() == 1);
  CHECK(report.left_out[0] == "event: more than 64 types of events");
}

}  // namespace data_read_test
}  // namespace palate::testing
