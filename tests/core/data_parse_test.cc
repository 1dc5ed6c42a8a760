// Numbers, times and delimited lines out of texts.
#include <catch_amalgamated.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "data/delimited.h"
#include "data/parse.h"

namespace palate::testing {
namespace data_parse_test {

using internal::Dialect;
using internal::SplitStatus;

std::vector<std::string> fields_of(std::string_view record, const Dialect& dialect) {
  std::string scratch;
  std::vector<std::string_view> fields;
  CHECK(internal::split_record(record, dialect, scratch, fields) == SplitStatus::kDone);
  return {fields.begin(), fields.end()};
}

std::string_view delimiter_of(const std::vector<std::string>& lines) {
  const auto dialect = internal::detect_dialect(lines, "");
  return dialect ? dialect->delimiter : "none";
}

using Texts = std::vector<std::string>;
constexpr Dialect kCsv{",", true};

TEST_CASE("Numbers are read whole or not at all") {
  CHECK(internal::parse_number(" +4.5 ") == 4.5);
  CHECK(internal::parse_number("-1e3") == -1000);
  for (const char* text : {"", " ", "4,5", "4.5x", "--1", "0x10", "1 2"}) {
    CHECK_FALSE(internal::parse_number(text));
  }
}

TEST_CASE("Times in every unit and notation name the same millisecond") {
  // 2009-02-13T23:31:30Z is 1234567890 seconds after 1970.
  for (const char* text :
       {"1234567890", "1234567890.0", "1.23456789e9", "1234567890000", "1234567890000000",
        "1234567890000000000", "2009-02-13T23:31:30Z", "2009-02-13 23:31:30",
        "2009-02-13T23:31:30.000Z", "2009-02-14T01:31:30+02:00", "2009-02-13T18:01:30-0530",
        "2009-02-13 23:31:30 UTC", "2009-02-14T00:31:30+01"}) {
    INFO(text);
    CHECK(internal::parse_time_ms(text) == 1'234'567'890'000);
  }
  CHECK(internal::parse_time_ms("1970-01-01") == 0);
  CHECK(internal::parse_time_ms("2000-02-29") == 951'782'400'000);
  CHECK(internal::parse_time_ms("2200-01-01") == internal::kLatestTimeMs);
  CHECK(internal::parse_time_ms("2014-04-07T10:51:09.277Z") == 1'396'867'869'277);
  CHECK(internal::parse_time_ms("1396867869.277") == 1'396'867'869'277);
}

TEST_CASE("What is no time is refused") {
  for (const char* text : {"", "yesterday", "2001-02-29", "2001-13-01", "2001-00-10", "2001-1-1",
                           "2001-01-01T25:00", "2001-01-01T10:61", "2001-01-01T10:00+99:00",
                           "2001-01-01 10:00 CET", "nan", "inf", "1e30", "2001-01-01T10:00:00Zx"}) {
    INFO(text);
    CHECK_FALSE(internal::parse_time_ms(text));
  }
}

TEST_CASE("A record is split at its delimiter, quotes undone") {
  CHECK(fields_of("a,b,,c", kCsv) == Texts{"a", "b", "", "c"});
  CHECK(fields_of(R"("a,1","say ""hi""",x"y)", kCsv) == Texts{"a,1", R"(say "hi")", R"(x"y)"});
  CHECK(fields_of(R"("",b,"")", kCsv) == Texts{"", "b", ""});
  CHECK(fields_of("1::Toy: Story::A|B", {"::", false}) == Texts{"1", "Toy: Story", "A|B"});
  CHECK(fields_of("  u1   i2\t3 ", {" ", false}) == Texts{"u1", "i2", "3"});
}

TEST_CASE("Faulty quotes are told apart") {
  std::string scratch;
  std::vector<std::string_view> fields;
  CHECK(internal::split_record(R"(a,"b)", kCsv, scratch, fields) == SplitStatus::kOpenQuote);
  CHECK(internal::split_record(R"("a"b,c)", kCsv, scratch, fields) == SplitStatus::kTextAfterQuote);
}

TEST_CASE("The delimiter is the one that splits all lines alike") {
  CHECK(delimiter_of({"user,item", "1,2", "3,4"}) == ",");
  CHECK(delimiter_of({"1\tHello, you\tx", "2\tGood day, a, b\ty"}) == "\t");
  CHECK(delimiter_of({"1::Toy Story (1995)::Animation", "2::Up, up and away::Comedy"}) == "::");
  CHECK(delimiter_of({"movieId,title,genres", "1,Toy Story (1995),A|B", R"(2,"Up, up",C|D|E)"}) ==
        ",");
  CHECK(delimiter_of({"user;item", "1;2"}) == ";");
  CHECK(delimiter_of({"1 2", "1 3"}) == " ");
  CHECK(delimiter_of({"onlyone", "two"}) == "none");
}

}  // namespace data_parse_test
}  // namespace palate::testing
