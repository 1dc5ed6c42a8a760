// Filters: the list of a filtered request is the whole list without what the filter leaves out.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <limits>
#include <vector>

#include "palate/recommender.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_filter_test {

constexpr std::uint32_t kItems = 300;
constexpr std::uint32_t kGenre = 0;
constexpr std::uint32_t kYear = 1;

std::vector<Pick> list_of(const Model& model, const Request& request, std::size_t count = kItems) {
  Result<Recommender> recommender = Recommender::create(model);
  REQUIRE(recommender.ok());
  std::vector<Pick> picks(count);
  const auto found = recommender->recommend(sample_history(kItems, 6, 4), request, picks);
  if (!found) FAIL(found.error().message);
  picks.resize(*found);
  return picks;
}

void check_equal(const std::vector<Pick>& picks, const std::vector<Pick>& expected) {
  REQUIRE(picks.size() == expected.size());
  for (std::size_t i = 0; i < picks.size(); ++i) {
    CAPTURE(i);
    CHECK(picks[i].item == expected[i].item);
    CHECK(picks[i].score == expected[i].score);
  }
}

// The whole list, less what does not belong, cut to `count`.
template <class Keep>
void check_filter(const Request& request, Keep keep, std::size_t count = kItems) {
  for (const ModelContents& contents :
       samples_of_every_encoder({.items = kItems, .candidates = kItems})) {
    const OpenedModel model(contents);
    std::vector<Pick> expected = list_of(*model, {});
    std::erase_if(expected, [&](const Pick& pick) { return !keep(contents, pick.item); });
    REQUIRE(!expected.empty());
    expected.resize(std::min(expected.size(), count));
    check_equal(list_of(*model, request, count), expected);
  }
}

bool has_genre(const ModelContents& contents, ItemIndex item, std::uint32_t category) {
  const Attribute& genre = contents.catalogue.attributes[kGenre];
  const auto begin = genre.entries.begin();
  return std::find(begin + genre.offsets[to_row(item)], begin + genre.offsets[to_row(item) + 1],
                   category) != begin + genre.offsets[to_row(item) + 1];
}

std::vector<ItemIndex> every(std::uint32_t step) {
  std::vector<ItemIndex> items;
  for (std::uint32_t row = 1; row < kItems; row += step) items.push_back(ItemIndex{row});
  return items;
}

TEST_CASE("Excluded items are left out of a list that stays as long as asked for") {
  const std::vector<ItemIndex> excluded = every(2);
  const auto keep = [](const ModelContents&, ItemIndex item) { return to_row(item) % 2 == 0; };
  check_filter({.filter = {.exclude = excluded}}, keep);
  check_filter({.filter = {.exclude = excluded}}, keep, 20);
}

TEST_CASE("An allow-list is listed whole, however low its items rank") {
  const std::vector<ItemIndex> allowed = every(17);
  const std::vector<ItemIndex> excluded = {ItemIndex{18}};
  const auto keep = [](const ModelContents&, ItemIndex item) {
    return to_row(item) % 17 == 1 && to_row(item) != 18;
  };
  check_filter({.filter = {.exclude = excluded, .only = allowed}}, keep);
  check_filter({.filter = {.exclude = excluded, .only = allowed}}, keep, 5);
}

TEST_CASE("Conditions of one attribute are alternatives, those of different ones all hold") {
  const std::vector<Condition> where = {
      {.attribute = kGenre, .category = 0},
      {.attribute = kYear, .minimum = 1960, .maximum = 2000},
      {.attribute = kGenre, .category = 2},
  };
  check_filter({.filter = {.where = where}}, [](const ModelContents& contents, ItemIndex item) {
    const float year = contents.catalogue.attributes[kYear].numbers[to_row(item)];
    return (has_genre(contents, item, 0) || has_genre(contents, item, 2)) && year >= 1960 &&
           year <= 2000;
  });
}

TEST_CASE("Seen items stay out of an allow-list unless asked for") {
  const OpenedModel model(sample_fold_in({.items = kItems}));
  std::vector<ItemIndex> allowed;
  for (const Event& event : sample_history(kItems, 6, 4)) allowed.push_back(event.item);
  const Filter filter{.only = allowed};
  CHECK(list_of(*model, {.filter = filter}).empty());
  CHECK(list_of(*model, {.exclude_seen = false, .filter = filter}).size() == allowed.size());
}

TEST_CASE("Nothing is listed where no item is let in") {
  const OpenedModel model(sample_hybrid({.items = kItems}));
  const std::vector<Condition> unknown = {{.attribute = kGenre, .category = kNoCategory}};
  CHECK(list_of(*model, {.filter = {.where = unknown}}).empty());
  const std::span<const ItemIndex> none;
  CHECK(list_of(*model, {.filter = {.only = none}}).empty());
}

TEST_CASE("Similar items are those that the filter lets in") {
  const std::vector<ItemIndex> allowed = every(3);
  for (const ModelContents& contents :
       {sample_fold_in({.items = kItems}), sample_item_weights({.items = kItems})}) {
    const OpenedModel model(contents);
    Result<Recommender> recommender = Recommender::create(*model);
    std::size_t listed = 0;
    for (std::uint32_t row = 0; row < 10; ++row) {
      std::vector<Pick> all(kItems);
      std::vector<Pick> picks(kItems);
      all.resize(*recommender->similar(ItemIndex{row}, all));
      std::erase_if(all, [](const Pick& pick) { return to_row(pick.item) % 3 != 1; });
      picks.resize(*recommender->similar(ItemIndex{row}, picks, {.only = allowed}));
      check_equal(picks, all);
      listed += all.size();
    }
    CHECK(listed > 10);
  }
}

TEST_CASE("A filter on what the model lacks is refused") {
  const OpenedModel model(sample_fold_in());
  Result<Recommender> recommender = Recommender::create(*model);
  const std::vector<ItemIndex> beyond = {ItemIndex{40}};
  const std::vector<Condition> attribute = {{.attribute = 2}};
  const std::vector<Condition> category = {{.attribute = kGenre, .category = 1000}};
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<Condition> turned = {{.attribute = kYear, .minimum = 2, .maximum = 1}};
  const std::vector<Condition> no_range = {{.attribute = kYear, .minimum = nan, .maximum = 1}};
  for (const Filter& filter :
       {Filter{.exclude = beyond}, Filter{.only = beyond}, Filter{.where = attribute},
        Filter{.where = category}, Filter{.where = turned}, Filter{.where = no_range}}) {
    std::vector<Pick> picks(3);
    const auto found = recommender->recommend({}, {.filter = filter}, picks);
    REQUIRE_FALSE(found.ok());
    CHECK(found.error().code == ErrorCode::kRequestInvalid);
  }
}

}  // namespace runtime_filter_test
}  // namespace palate::testing
