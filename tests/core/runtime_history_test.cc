// Merging a history: one entry an item, and where it stands among the others.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <span>
#include <vector>

#include "runtime/history.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_history_test {

std::span<const internal::HistoryItem> merge(internal::HistoryMerger& merger,
                                             const std::vector<Event>& history) {
  const auto merged = merger.merge(history, 100, 0);
  REQUIRE(merged.ok());
  return merged->items;
}

TEST_CASE("An item that stands in a history several times has its newest place") {
  // 7 is the newest, then 3, 9 and 5: the older events with 3 and 7 count for no place.
  internal::HistoryMerger merger;
  const auto merged = merge(merger, history_of({7, 3, 5, 9, 3, 3, 7}));
  REQUIRE(merged.size() == 4);
  const std::uint32_t rows[] = {3, 5, 7, 9};
  const std::uint32_t places[] = {1, 3, 0, 2};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(merged[i].row == rows[i]);
    CHECK(merged[i].place == places[i]);
  }
}

TEST_CASE("Merged items have their largest weight, their newest value and a place each") {
  internal::HistoryMerger merger;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SampleNumbers numbers(seed);
    std::vector<Event> history;
    for (std::uint32_t i = numbers.below(80); i > 0; --i) {
      Event& event = history.emplace_back();
      event.item = ItemIndex{numbers.below(30)};
      event.weight = numbers.between(0.5F, 2.0F);
      if (numbers.below(3) == 0) event.value = numbers.between(1, 5);
    }
    for (const internal::HistoryItem& item : merge(merger, history)) {
      float weight = 0;
      float value = kNoValue;
      for (std::size_t at = 0; at < history.size(); ++at) {
        const Event& event = history[at];
        if (to_row(event.item) != item.row) continue;
        weight = std::max(weight, event.weight);
        if (!std::isnan(event.value)) value = event.value;
        CHECK(item.place == reference_place(history, at));
      }
      CHECK(item.weight == weight);
      CHECK((item.value == value || (std::isnan(item.value) && std::isnan(value))));
    }
  }
}

TEST_CASE("Merged events keep their order, their types and their times beside their items") {
  internal::HistoryMerger merger;
  std::vector<Event> history = history_of({7, 3, 7, 5});
  for (std::uint32_t k = 0; k < 4; ++k) {
    history[k].type = k % 3;
    history[k].time_ms = 100 + k;
  }
  const auto merged = merger.merge(history, 100, 2);
  REQUIRE(merged.ok());
  REQUIRE(merged->visits.size() == 4);
  for (std::uint32_t k = 0; k < 4; ++k) {
    CHECK(merged->items[merged->visits[k].index].row == to_row(history[k].item));
    CHECK(merged->visits[k].type == k % 3);
    CHECK(merged->visits[k].time_ms == 100 + k);
  }
  const internal::HistoryItem& seven = merged->items[2];
  CHECK(seven.type == 2);  // of its newest event
  CHECK(seven.time_ms == 102);
}

TEST_CASE("An event of a type that the model lacks is refused, and says which") {
  internal::HistoryMerger merger;
  std::vector<Event> history = history_of({7, 3});
  history[1].type = 3;
  const auto merged = merger.merge(history, 100, 2);
  REQUIRE_FALSE(merged.ok());
  CHECK(merged.error().code == ErrorCode::kRequestInvalid);
  CHECK_THAT(merged.error().message,
             Catch::Matchers::ContainsSubstring("event 1 of the history has type 3"));
}

}  // namespace runtime_history_test
}  // namespace palate::testing
