// An index made of a catalogue in clusters: the same for any number of threads, and as good as it
// says.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <set>
#include <vector>

#include "palate/compress.h"
#include "palate/recommender.h"
#include "sample_models.h"

namespace palate::testing {
namespace compress_index_test {

constexpr std::uint32_t kItems = 10'500;

// Vectors around 150 centres, some of which are far longer than others.
ModelContents clustered(Precision precision = Precision::kFloat32) {
  ModelContents contents = sample_weighted_mean({.items = kItems, .dimension = 12});
  constexpr std::uint32_t kCentres = 150;
  SampleNumbers numbers(7);
  const std::vector<float> centres = numbers.many(std::size_t{kCentres} * 12, -1, 1);
  for (std::uint32_t item = 0; item < kItems; ++item) {
    const float length = 1 + static_cast<float>(item % 4);
    for (std::uint32_t k = 0; k < 12; ++k) {
      contents.item_vectors[item * 12 + k] =
          length * (centres[item % kCentres * 12 + k] + numbers.between(-0.2F, 0.2F));
    }
  }
  contents.weighted_mean->history_vectors = contents.item_vectors;
  contents.precision = precision;
  return contents;
}

std::vector<std::vector<Event>> histories(std::size_t count) {
  std::vector<std::vector<Event>> list;
  for (std::size_t user = 0; user < count; ++user)
    list.push_back(sample_history(kItems, 4, user + 1));
  return list;
}

MadeListIndex made(const Model& model, const ListIndexOptions& options, std::size_t users = 60) {
  auto index = make_list_index(model, histories(users), options);
  if (!index) FAIL(index.error().message);
  return *index;
}

std::set<ItemIndex> items_of(Recommender& recommender, const std::vector<Event>& history,
                             bool exact) {
  std::vector<Pick> picks(200);
  REQUIRE(recommender.recommend(history, {.filter = {.exact = exact}}, picks).ok());
  std::set<ItemIndex> items;
  for (const Pick& pick : picks) items.insert(pick.item);
  return items;
}

TEST_CASE("An index is the same for any number of threads, and another one for another seed") {
  const OpenedModel model(clustered());
  const ListIndex one = made(*model, {.lists = 60, .threads = 1}).index;
  for (const unsigned threads : {2U, 3U}) {
    const ListIndex other = made(*model, {.lists = 60, .threads = threads}).index;
    CHECK(other.centroids == one.centroids);
    CHECK(other.lists == one.lists);
    CHECK((other.probes == one.probes && other.recall == one.recall));
  }
  CHECK(made(*model, {.lists = 60, .seed = 2}).index.lists != one.lists);
}

TEST_CASE("The recall that an index states is what its lists hold of the exact ones") {
  const OpenedModel model(clustered(GENERATE(Precision::kFloat32, Precision::kInt8)));
  const MadeListIndex index = made(*model, {.recall = 0.9});
  CHECK(index.index.length == 200);
  CHECK(index.index.centroids.size() == 205 * 12);  // 2 sqrt(10,500)
  CHECK((index.index.recall > 0.8F && index.index.recall <= 1));
  CHECK((index.share > 0 && index.share < 0.5));
  const auto file = compress(*model, {.index = index.index});
  REQUIRE(file.ok());
  const auto bytes = FileBytes::copy_of(*file);
  const Result<Model> indexed = Model::open(bytes->bytes());
  REQUIRE(indexed.ok());
  CHECK(indexed->list_index()->recall == index.index.recall);
  Result<Recommender> recommender = Recommender::create(*indexed);
  REQUIRE((recommender.ok() && recommender->use_index().ok()));
  // It is measured on every second of so few histories.
  double found = 0;
  const auto all = histories(60);
  for (std::size_t user = 1; user < all.size(); user += 2) {
    const std::set<ItemIndex> exact = items_of(*recommender, all[user], true);
    for (const ItemIndex item : items_of(*recommender, all[user], false)) {
      found += exact.contains(item) ? 1 : 0;
    }
  }
  CHECK(found / (30 * 200) == Catch::Approx(index.index.recall).epsilon(1e-6));
}

TEST_CASE("More probes find more, and all lists find all") {
  const OpenedModel model(clustered());
  double before = 0;
  for (const std::uint32_t probes : {1U, 4U, 40U}) {
    const MadeListIndex index = made(*model, {.lists = 40, .probes = probes});
    CHECK(index.index.probes == probes);
    CHECK(index.index.recall > before);
    before = index.index.recall;
    if (probes == 40) CHECK((index.share == 1 && index.index.recall == 1));
  }
}

TEST_CASE("Items that are all the same are still put into lists") {
  ModelContents contents = clustered();
  const float same = GENERATE(0.0F, 0.5F);
  std::ranges::fill(contents.item_vectors, same);
  contents.weighted_mean->history_vectors = contents.item_vectors;
  const OpenedModel model(contents);
  CHECK(made(*model, {.lists = 20}).index.lists.size() == kItems);
}

TEST_CASE("Rounded items lose the index of what they were, and an index can be taken away") {
  ModelContents contents = with_index(sample_fold_in());
  const OpenedModel model(contents);
  for (const Compression& compression :
       {Compression{.items = Precision::kInt8}, Compression{.index = ListIndex{}}}) {
    const auto file = compress(*model, compression);
    REQUIRE(file.ok());
    const auto bytes = FileBytes::copy_of(*file);
    const Result<Model> changed = Model::open(bytes->bytes());
    REQUIRE(changed.ok());
    CHECK(!changed->has_list_index());
  }
}

TEST_CASE("An index that cannot be, or is not worth it, is refused") {
  const auto code = [](const ModelContents& contents, const ListIndexOptions& options,
                       const std::vector<std::vector<Event>>& users) {
    const OpenedModel model(contents);
    return make_list_index(*model, users, options).error().code;
  };
  const auto users = histories(4);
  CHECK(code(sample_item_weights(), {}, users) == ErrorCode::kModelUnsupported);
  CHECK(code(sample_popularity(), {}, users) == ErrorCode::kModelUnsupported);
  CHECK(code(sample_value_fold_in(), {}, users) == ErrorCode::kModelUnsupported);
  CHECK(code(sample_fold_in(), {}, users) == ErrorCode::kRequestInvalid);  // 40 items
  const ModelContents large = clustered();
  CHECK(code(large, {.lists = 65'537}, users) == ErrorCode::kRequestInvalid);
  CHECK(code(large, {.lists = kItems + 1}, users) == ErrorCode::kRequestInvalid);
  CHECK(code(large, {.recall = 0}, users) == ErrorCode::kRequestInvalid);
  CHECK(code(large, {.recall = 1.5}, users) == ErrorCode::kRequestInvalid);
  CHECK(code(large, {.lists = 10}, {}) == ErrorCode::kRequestInvalid);
  CHECK(code(large, {.lists = 10}, {{}, {}, users[0]}) == ErrorCode::kRequestInvalid);
}

}  // namespace compress_index_test
}  // namespace palate::testing
