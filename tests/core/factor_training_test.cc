// A factor model from rows in memory, natively and under Node.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "palate/factor.h"
#include "palate/model.h"
#include "palate/random.h"
#include "palate/recommender.h"

namespace palate::testing {
namespace factor_training_test {

constexpr std::uint32_t kUsers = 60;
constexpr std::uint32_t kItems = 40;

/// Even users touch even items, odd ones odd; 8 each, some of them twice.
InteractionLog two_groups() {
  InteractionLog log;
  Random random(5);
  for (std::uint32_t item = 0; item < kItems; ++item) {
    log.items.push_back("i" + std::to_string(item));
  }
  for (std::uint32_t user = 0; user < kUsers; ++user) {
    log.users.push_back("u" + std::to_string(user));
    for (int k = 0; k < 8; ++k) {
      log.user.push_back(user);
      log.item.push_back(static_cast<std::uint32_t>(2 * random.below(kItems / 2) + user % 2));
      log.value.push_back(1.0F + static_cast<float>((user + log.item.back()) % 5));
      log.time_ms.push_back(1'000'000 + static_cast<std::int64_t>(random.below(1000)));
    }
  }
  return log;
}

Catalogue titled_items() {
  Catalogue items;
  Attribute group{"group", AttributeKind::kCategory, {}, {"even", "odd"}, {0}, {}};
  for (std::uint32_t item = 0; item < kItems; ++item) {
    items.ids.push_back("i" + std::to_string(item));
    items.popularity.push_back(0);
    items.titles.push_back("Item " + std::to_string(item));
    group.entries.push_back(item % 2);
    group.offsets.push_back(item + 1);
  }
  items.attributes.push_back(group);
  return items;
}

FactorRecipe small_recipe() {
  FactorRecipe recipe;
  recipe.ials.dimension = 8;
  recipe.seed = 7;
  return recipe;
}

std::vector<std::byte> trained(const FactorRecipe& recipe) {
  Result<FactorTraining> training =
      FactorTraining::create(two_groups(), titled_items(), recipe, "any");
  REQUIRE(training.ok());
  while (training->epochs() < recipe.ials.epochs) training->run_epoch();
  Result<std::vector<std::byte>> model = training->model();
  REQUIRE(model.ok());
  return std::move(*model);
}

/// FNV-1a over the bits of the item table.
std::uint64_t digest_of(const Model& model) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  std::vector<float> row(model.dimension());
  for (std::size_t item = 0; item < model.item_count(); ++item) {
    model.item_vectors().read(item, row);
    for (const float x : row) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &x, sizeof(bits));
      hash = (hash ^ bits) * 0x100000001b3U;
    }
  }
  return hash;
}

TEST_CASE("A factor model trained in memory keeps what it was given and tells groups apart") {
  const auto bytes = FileBytes::copy_of(trained(small_recipe()));
  const Result<Model> model = Model::open(bytes->bytes());
  REQUIRE(model.ok());
  CHECK(model->facts().recipe == "ials");
  CHECK(model->facts().users == kUsers);
  CHECK(model->facts().instruction_set == "any");
  CHECK(model->facts().seed == 7);
  CHECK(model->value_head() != nullptr);
  CHECK(model->title(*model->find("i12")) == "Item 12");
  CHECK(model->attributes().size() == 1);

  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = {{*model->find("i4")}, {*model->find("i10")}};
  std::vector<Pick> picks(10);
  const auto count = recommender->recommend(history, {}, picks);
  REQUIRE(count.ok());
  REQUIRE(*count == picks.size());
  for (const Pick& pick : picks) {
    CHECK(std::stoi(std::string(model->id(pick.item).substr(1))) % 2 == 0);
  }
}

// Where nothing fuses a product with a sum, all machines come to the same bits.
#if defined(__x86_64__) || (defined(__wasm_simd128__) && !defined(__wasm_relaxed_simd__))
TEST_CASE("A factor model trained in memory has the same bits natively and under Node") {
  const auto bytes = FileBytes::copy_of(trained(small_recipe()));
  CHECK(digest_of(*Model::open(bytes->bytes())) == 0xfa85cadf8cfd4610U);
}
#endif

TEST_CASE("A factor model trained in memory repeats itself, and follows its seed") {
  FactorRecipe recipe = small_recipe();
  const std::vector<std::byte> first = trained(recipe);
  CHECK(trained(recipe) == first);
  recipe.seed = 8;
  CHECK(trained(recipe) != first);
}

TEST_CASE("A factor model of no rows, or of none that are left, is refused") {
  const Result<FactorTraining> none = FactorTraining::create({}, {}, small_recipe(), "any");
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().code == ErrorCode::kDataEmpty);
  FactorRecipe strict = small_recipe();
  strict.data.min_user = 100;
  const Result<FactorTraining> left = FactorTraining::create(two_groups(), {}, strict, "any");
  REQUIRE_FALSE(left.ok());
  CHECK(left.error().message.find("min_user") != std::string::npos);
}

TEST_CASE("A factor model whose vectors grow beyond all numbers is refused") {
  FactorRecipe recipe = small_recipe();
  recipe.ials.initial_stddev = 3e38F;
  Result<FactorTraining> training = FactorTraining::create(two_groups(), {}, recipe, "any");
  REQUIRE(training.ok());
  training->run_epoch();
  const Result<std::vector<std::byte>> model = training->model();
  REQUIRE_FALSE(model.ok());
  CHECK(model.error().code == ErrorCode::kRecipeInvalid);
}

}  // namespace factor_training_test
}  // namespace palate::testing
