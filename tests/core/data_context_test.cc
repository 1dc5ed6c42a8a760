// Columns of context: read beside the interactions, and with them through cleaning and splitting.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "data_samples.h"
#include "palate/dataset.h"

namespace palate::testing {
namespace data_context_test {

using Catch::Matchers::ContainsSubstring;

constexpr const char* kLog =
    "user,item,timestamp,device,hour,code\n"
    "a,x,1000000,phone,20,07\n"
    "a,y,1000003,tv|phone,,7\n"
    "b,x,1000002,,3.5,07\n"
    "b,x,1000001,phone,4,8\n"
    "b,z,1000004,tablet,5,\n";

/// What stands in each row of a column, categories joined by '|'.
std::vector<std::string> texts_of(const Attribute& column) {
  std::vector<std::string> texts;
  for (const float number : column.numbers) {
    texts.push_back(std::isnan(number) ? "" : std::to_string(std::lround(10 * number)));
  }
  for (std::size_t row = 0; row + 1 < column.offsets.size(); ++row) {
    texts.emplace_back();
    for (std::uint32_t k = column.offsets[row]; k < column.offsets[row + 1]; ++k) {
      texts.back() += (texts.back().empty() ? "" : "|") + column.categories[column.entries[k]];
    }
  }
  return texts;
}

using Texts = std::vector<std::string>;

Result<InteractionLog> read_with(const ContextOptions& context, const char* text = kLog,
                                 ReadReport* report = nullptr) {
  const TemporaryFolder folder;
  ReadReport unused;
  return read_interactions(folder.write("log.csv", text), {{}, 0.5, context},
                           report == nullptr ? unused : *report);
}

InteractionLog read_all() {
  Result<InteractionLog> log = read_with({{"device", "hour", "code"}, {}, {"code"}, false});
  REQUIRE(log);
  return std::move(*log);
}

TEST_CASE("Columns of context are numbers or categories, as they hold or as is said") {
  const InteractionLog log = read_all();
  REQUIRE(log.context.size() == 3);
  CHECK(log.context[0].kind == AttributeKind::kCategory);
  CHECK(texts_of(log.context[0]) == Texts{"phone", "tv|phone", "", "phone", "tablet"});
  CHECK(log.context[1].kind == AttributeKind::kNumber);
  CHECK(texts_of(log.context[1]) == Texts{"200", "", "35", "40", "50"});
  CHECK(texts_of(log.context[2]) == Texts{"07", "7", "07", "8", ""});
  CHECK(read_with({})->context.empty());
}

TEST_CASE("A cell that is no number rejects its row where numbers were asked for") {
  ReadReport report;
  const auto log = read_with({{"device"}, {"device"}, {}, false},
                             "user,item,device\na,x,1\na,y,phone\na,z,\n", &report);
  REQUIRE(log);
  CHECK(log->size() == 2);
  REQUIRE(report.examples.size() == 1);
  CHECK(report.examples[0].column == "device");
  CHECK_THAT(report.examples[0].reason, ContainsSubstring("'phone' is no number"));
}

TEST_CASE("A column of context that is not there, or plays a role, is an error with its name") {
  const auto message_of = [](const ContextOptions& context) {
    const auto log = read_with(context);
    REQUIRE_FALSE(log);
    CHECK(log.error().code == ErrorCode::kDataMalformed);
    return log.error().message;
  };
  CHECK_THAT(message_of({{"country"}, {}, {}, false}),
             ContainsSubstring("no column 'country' for the context; the columns are user, item"));
  CHECK_THAT(message_of({{"timestamp"}, {}, {}, false}),
             ContainsSubstring("'timestamp' is the timestamp already"));
  ReadReport report;
  const auto log = read_with({{"country", "hour"}, {"hour"}, {}, true}, kLog, &report);
  REQUIRE(log);
  REQUIRE(log->context.size() == 1);
  CHECK(log->context[0].name == "hour");
  REQUIRE(report.left_out.size() == 1);
  CHECK_THAT(report.left_out[0], ContainsSubstring("country: not in the file"));
}

TEST_CASE("Cleaning, splitting and indexing keep each interaction's context") {
  CleanReport report;
  const Result<InteractionLog> cleaned = clean(read_all(), {}, report);
  REQUIRE(cleaned);
  // Of user b's two rows with item x the newer one stays.
  CHECK(texts_of(cleaned->context[1]) == Texts{"200", "", "35", "50"});
  const Result<Split> parts = split(*cleaned, {});
  REQUIRE(parts);
  CHECK(texts_of(parts->train.context[0]) == Texts{"phone", ""});
  CHECK(texts_of(parts->history.context[0]) == Texts{"phone", ""});
  CHECK(texts_of(parts->test.context[0]) == Texts{"tv|phone", "tablet"});
  JoinReport joined;
  const Dataset dataset = make_dataset(*cleaned, {}, joined);
  REQUIRE(dataset.context.size() == 3);
  REQUIRE(dataset.histories.events.size() == 4);
  CHECK(texts_of(dataset.context[0]) == Texts{"phone", "tv|phone", "", "tablet"});

  // In the order of the histories, not of the file.
  const auto mixed = read_with({{"hour"}, {}, {}, false},
                               "user,item,timestamp,hour\na,x,9000000,1\nb,x,1000000,2\n"
                               "a,y,8000000,3\n");
  REQUIRE(mixed);
  CHECK(texts_of(make_dataset(*mixed, {}, joined).context[0]) == Texts{"30", "10", "20"});
}

}  // namespace data_context_test
}  // namespace palate::testing
