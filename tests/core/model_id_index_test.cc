// The index of ids: rows are found again, and repetitions named.
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "model/id_index.h"

namespace palate::internal {
namespace model_id_index_test {

// Texts one after the other, as a model file holds them.
struct Section {
  std::vector<std::uint32_t> offsets{0};
  std::string bytes;

  void add(const std::string& text) {
    bytes += text;
    offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
  }
  TextsView view() const { return {offsets, bytes}; }
};

TEST_CASE("An index finds every text's row and no other's, whatever its size") {
  for (const std::uint32_t rows : {0U, 1U, 2U, 3U, 255U, 256U, 5000U}) {
    Section section;
    for (std::uint32_t row = 0; row < rows; ++row) section.add("item " + std::to_string(row));
    IdIndex index;
    std::uint32_t repeated = 0;
    REQUIRE(index.build(section.view(), {3, 4}, repeated) == IdIndex::Outcome::kDone);
    for (std::uint32_t row = 0; row < rows; ++row) {
      REQUIRE(index.find("item " + std::to_string(row)) == row);
      REQUIRE(!index.find("other " + std::to_string(row)));
    }
    CHECK(!index.find(""));
  }
}

TEST_CASE("An index names the row of a repetition") {
  Section section;
  for (const char* text : {"a", "b", "c", "b", "a"}) section.add(text);
  IdIndex index;
  std::uint32_t repeated = 0;
  CHECK(index.build(section.view(), {5, 6}, repeated) == IdIndex::Outcome::kRepeated);
  CHECK(repeated == 3);
}

}  // namespace model_id_index_test
}  // namespace palate::internal
