// Items: titles, attributes, and what makes none.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "data_samples.h"
#include "palate/dataset.h"

namespace palate::testing {
namespace data_items_test {

Catalogue read_catalogue(const std::filesystem::path& file, ReadReport& report) {
  ReadOptions options;
  options.max_bad = 1;
  Result<Catalogue> items = read_items(file, options, report);
  INFO(file << (items ? "" : ": " + items.error().message));
  REQUIRE(items);
  CHECK(report.read == report.accepted + report.rejected);
  CHECK(report.accepted == items->ids.size());
  CHECK(items->popularity == std::vector<std::uint32_t>(items->ids.size(), 0));
  return std::move(*items);
}

Catalogue read_catalogue(const std::filesystem::path& file) {
  ReadReport report;
  return read_catalogue(file, report);
}

using Texts = std::vector<std::string>;

/// The categories of each item.
std::vector<Texts> sets_of(const Attribute& attribute) {
  std::vector<Texts> sets;
  for (std::size_t item = 0; item + 1 < attribute.offsets.size(); ++item) {
    Texts& set = sets.emplace_back();
    for (std::uint32_t i = attribute.offsets[item]; i < attribute.offsets[item + 1]; ++i) {
      set.push_back(attribute.categories[attribute.entries[i]]);
    }
  }
  return sets;
}

TEST_CASE("MovieLens's movies.csv gives ids, titles and sets of genres") {
  const TemporaryFolder folder;
  const Catalogue items =
      read_catalogue(folder.write("movies.csv",
                                  "movieId,title,genres\n"
                                  "1,Toy Story (1995),Adventure|Animation|Comedy\n"
                                  "11,\"American President, The (1995)\",Comedy|Drama|Comedy\n"
                                  "114335,La cravate (1957),(no genres listed)\n"));
  CHECK(items.ids == Texts{"1", "11", "114335"});
  CHECK(items.titles ==
        Texts{"Toy Story (1995)", "American President, The (1995)", "La cravate (1957)"});
  REQUIRE(items.attributes.size() == 1);
  CHECK(items.attributes[0].name == "genres");
  CHECK(items.attributes[0].kind == AttributeKind::kCategory);
  CHECK(sets_of(items.attributes[0]) ==
        std::vector<Texts>{{"Adventure", "Animation", "Comedy"}, {"Comedy", "Drama"}, {}});
}

TEST_CASE("MovieLens's movies.dat is Latin-1 without a header") {
  const TemporaryFolder folder;
  const Catalogue items = read_catalogue(folder.write("movies.dat",
                                                      "1::Toy Story (1995)::Animation|Children's\n"
                                                      "73::Mis\xe9rables, Les (1995)::Drama\n"));
  CHECK(items.titles == Texts{"Toy Story (1995)", "Mis\xc3\xa9rables, Les (1995)"});
  REQUIRE(items.attributes.size() == 1);
  CHECK(items.attributes[0].name == "genres");
  CHECK(sets_of(items.attributes[0]) == std::vector<Texts>{{"Animation", "Children's"}, {"Drama"}});
}

TEST_CASE("A column of numbers is a number attribute, its gaps NaN") {
  const TemporaryFolder folder;
  const Catalogue items = read_catalogue(folder.write("items.csv",
                                                      "id,name,year,price,kind\n"
                                                      "a,A,1999,,x\n"
                                                      "b,B,,2.5,\n"
                                                      "c,C,nan,1e3,y\n"
                                                      "d,D,2001,null,x\n"));
  REQUIRE(items.attributes.size() == 3);
  const Attribute& year = items.attributes[0];
  CHECK(year.name == "year");
  REQUIRE(year.kind == AttributeKind::kNumber);
  CHECK((year.numbers[0] == 1999 && year.numbers[3] == 2001));
  CHECK((std::isnan(year.numbers[1]) && std::isnan(year.numbers[2])));
  CHECK(items.attributes[1].numbers[1] == 2.5F);
  CHECK(std::isnan(items.attributes[1].numbers[3]));
  CHECK(sets_of(items.attributes[2]) == std::vector<Texts>{{"x"}, {}, {"y"}, {"x"}});
}

TEST_CASE("JSON items are read, lists as sets of categories") {
  const TemporaryFolder folder;
  const Catalogue items = read_catalogue(folder.write(
      "items.json", R"([{"id": 1, "title": "[REC]", "tags": ["a", "b"], "size": 3},)"
                    R"( {"id": 2, "title": "X", "tags": [], "size": null, "extra/key": "e"}])"));
  CHECK(items.ids == Texts{"1", "2"});
  CHECK(items.titles == Texts{"[REC]", "X"});
  REQUIRE(items.attributes.size() == 3);
  CHECK(sets_of(items.attributes[0]) == std::vector<Texts>{{"a", "b"}, {}});
  CHECK(items.attributes[1].numbers[0] == 3);
  CHECK(items.attributes[2].name == "extra/key");
  CHECK(sets_of(items.attributes[2]) == std::vector<Texts>{{}, {"e"}});
}

TEST_CASE("Parquet items are read, lists as sets of categories") {
  const TemporaryFolder folder;
  const Catalogue items = read_catalogue(
      folder.copy("items.parquet",
                  "SELECT * FROM (VALUES (1, 'A', ['x', 'y'], 1.5), (2, 'B', NULL, NULL)) "
                  "AS t(item_id, title, topics, weight)",
                  "FORMAT parquet"));
  CHECK(items.ids == Texts{"1", "2"});
  REQUIRE(items.attributes.size() == 2);
  CHECK(sets_of(items.attributes[0]) == std::vector<Texts>{{"x", "y"}, {}});
  CHECK(items.attributes[1].numbers[0] == 1.5F);
}

TEST_CASE("Free text and empty columns make no attribute and are named") {
  const TemporaryFolder folder;
  std::string text = "item,title,plot,empty,genre\n";
  for (int i = 0; i < 300; ++i) {
    const std::string number = std::to_string(i);
    text += number + ",T" + number + ",plot no " + number + ",,g" + std::to_string(i % 150) + "\n";
  }
  ReadReport report;
  const Catalogue items = read_catalogue(folder.write("items.csv", text), report);
  REQUIRE(items.attributes.size() == 1);
  CHECK(items.attributes[0].name == "genre");  // 150 categories in 300 entries: just not too many
  CHECK(report.left_out == Texts{"plot (free text)", "empty (empty)"});
}

TEST_CASE("A column whose name the model file cannot hold is left out") {
  const TemporaryFolder folder;
  const std::string long_name(1025, 'n');
  ReadReport report;
  const Catalogue items = read_catalogue(
      folder.write("items.csv", ",item,title,genre,genre, ," + long_name + "\n0,a,A,x,1,2,3\n"),
      report);
  REQUIRE(items.attributes.size() == 1);
  CHECK(items.attributes[0].name == "genre");
  CHECK(sets_of(items.attributes[0]) == std::vector<Texts>{{"x"}});
  CHECK(report.left_out == Texts{"column 1 (no name)", "genre (the name stands twice)",
                                 "column 6 (no name)", "column 7 (a name over 1024 bytes)"});
}

TEST_CASE("Columns past the 256th attribute are left out") {
  const TemporaryFolder folder;
  std::string header = "item";
  std::string row = "a";
  for (int column = 1; column <= 258; ++column) {
    header += ",c" + std::to_string(column);
    row += ",1";
  }
  ReadReport report;
  const Catalogue items =
      read_catalogue(folder.write("items.csv", header + "\n" + row + "\n"), report);
  CHECK(items.attributes.size() == 256);
  CHECK(report.left_out == Texts{"c257 (over 256 attributes)", "c258 (over 256 attributes)"});
}

TEST_CASE("A category longer than the model file's texts makes a column free text") {
  const TemporaryFolder folder;
  ReadReport report;
  const Catalogue items = read_catalogue(
      folder.write("items.csv", "item,kind\na,x\nb," + std::string(65537, 'y') + "\n"), report);
  CHECK(items.attributes.empty());
  CHECK(report.left_out == Texts{"kind (free text)"});
}

TEST_CASE("An item that stands twice is rejected the second time") {
  const TemporaryFolder folder;
  ReadReport report;
  const Catalogue items =
      read_catalogue(folder.write("items.csv", "item,title\n1,A\n2,B\n1,C\n"), report);
  CHECK(items.titles == Texts{"A", "B"});
  REQUIRE(report.examples.size() == 1);
  CHECK(report.examples[0].line == 4);
  CHECK(report.examples[0].column == "item");
}

}  // namespace data_items_test
}  // namespace palate::testing
