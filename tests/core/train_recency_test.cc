// A ranker that reads how late the interactions of items lie: where tastes move on, it finds that.
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "palate/random.h"
#include "palate/train.h"
#include "train/ranker/item_recency.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_recency_test {

TEST_CASE("An item's recency is the mean share of the log that is older") {
  Sample sample = make_sample({{0, 1}, {0, 1}, {0}}, 2);
  Dataset& dataset = sample.dataset;
  dataset.catalogue.ids.push_back("untouched");
  CHECK(internal::item_recency(dataset).empty());
  dataset.has_times = true;
  // Item 0 at 10, 20 and 20, item 1 at 30 and 40.
  const std::int64_t times[] = {10, 30, 20, 40, 20};
  for (std::size_t k = 0; k < std::size(times); ++k) {
    dataset.histories.events[k].time_ms = times[k];
  }
  const std::vector<std::uint8_t> recency = internal::item_recency(dataset);
  REQUIRE(recency.size() == 3);
  // Shares .1, .4, .4 and .7, .9: equal times share their place.
  CHECK(recency[sample.row_of[0]] == 77);
  CHECK(recency[sample.row_of[1]] == 204);
  CHECK(recency[2] == kMostRecent);
}

constexpr std::uint32_t kSeasonItems = 10;
/// Of a user; less what is held out, popularity tells the last season from no other.
constexpr std::uint32_t kTouched[] = {3, 1, 4, 2, 5, 4};

/// All users touch, season after season, some items of the season; who touches which is chance.
InteractionLog seasons() {
  InteractionLog log;
  for (std::uint32_t item = 0; item < std::size(kTouched) * kSeasonItems; ++item) {
    log.items.push_back("i" + std::to_string(item));
  }
  Random random(5);
  for (std::uint32_t user = 0; user < 500; ++user) {
    log.users.push_back("u" + std::to_string(user));
    for (std::uint32_t season = 0; season < std::size(kTouched); ++season) {
      std::vector<std::uint32_t> order(kSeasonItems);
      for (std::uint32_t k = 0; k < kSeasonItems; ++k) order[k] = season * kSeasonItems + k;
      random.shuffle(std::span(order));
      for (std::uint32_t k = 0; k < kTouched[season]; ++k) {
        log.user.push_back(user);
        log.item.push_back(order[k]);
        log.time_ms.push_back(1'000'000'000'000 + 1000 * season + 10 * k);
      }
    }
  }
  return log;
}

ModelContents trained(const InteractionLog& log, const std::string& recency) {
  const Recipe recipe = recipe_with(
      "hybrid", {"ials.dimension=8", "ranker.hidden=[16,8]", "ranker.learning_rate=0.005",
                 "ranker.max_targets=1", "ranker.epochs=20", "ranker.vectors=false",
                 "ranker.recency=" + recency});
  JoinReport joined;
  Result<ModelContents> contents = train(make_dataset(log, {}, joined), recipe, {});
  if (!contents) FAIL(contents.error().message);
  return std::move(*contents);
}

TEST_CASE("A hybrid that reads recency finds what is new, others do not") {
  const Result<Split> parts = split(seasons(), {});
  REQUIRE(parts.ok());
  const ModelContents with = trained(parts->train, "true");
  const ModelContents without = trained(parts->train, "false");
  CHECK(with.ranker->recency.size() == with.catalogue.ids.size());
  CHECK(without.ranker->recency.empty());
  const double found = recall_at(10, with, *parts);
  const double otherwise = recall_at(10, without, *parts);
  CAPTURE(found, otherwise);
  // One of the seven of the last season that are left.
  CHECK(found > 0.9);
  CHECK(otherwise < 0.6);
}

}  // namespace train_recency_test
}  // namespace palate::testing
