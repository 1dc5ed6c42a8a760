// Which models a page opens with its second file alone.
#include <array>
#include <catch_amalgamated.hpp>

#include "forgery.h"
#include "golden_models.h"
#include "palate/seldom.h"

namespace palate::testing {
namespace model_seldom_test {

bool asks(const ModelContents& contents) {
  const Result<std::vector<std::byte>> file = golden::write(contents);
  REQUIRE(file.ok());
  return asks_for_seldom(Forgery(*file).bytes());
}

TEST_CASE("A model asks for what is seldom by its encoder, its ranker and its precision") {
  CHECK_FALSE(asks(golden::popularity_model()));
  CHECK_FALSE(asks(golden::fold_in_model()));
  CHECK_FALSE(asks(golden::hybrid_model()));
  CHECK_FALSE(asks(golden::sequence_model()));
  CHECK(asks(golden::weighted_mean_model()));
  CHECK(asks(golden::item_weights_model()));
  CHECK(asks(golden::value_fold_in_model()));
  CHECK(asks(golden::retrievers_model()));
  CHECK(asks(golden::context_model()));
  CHECK(asks(golden::tabular_model()));

  ModelContents contents = golden::fold_in_model();
  contents.precision = Precision::kInt8;
  CHECK_FALSE(asks(contents));
  contents.precision = Precision::kInt4;
  CHECK(asks(contents));
}

TEST_CASE("Bytes that are no model ask for nothing") {
  alignas(16) constexpr std::array<std::byte, 64> kZeros{};
  CHECK_FALSE(asks_for_seldom(kZeros));
  CHECK_FALSE(asks_for_seldom({}));
}

}  // namespace model_seldom_test
}  // namespace palate::testing
