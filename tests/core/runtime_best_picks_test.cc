// The best of many picks against sorting them all.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <limits>
#include <vector>

#include "runtime/best_picks.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_best_picks_test {

using internal::BestPicks;

enum class Order : std::uint8_t { kAny, kRising, kFalling, kPeak, kLevels, kEqual };
constexpr Order kOrders[] = {Order::kAny,  Order::kRising, Order::kFalling,
                             Order::kPeak, Order::kLevels, Order::kEqual};

std::vector<Pick> picks_in(Order order, std::uint32_t size) {
  SampleNumbers numbers(size);
  std::vector<Pick> picks;
  for (std::uint32_t row = 0; row < size; ++row) {
    const auto place = static_cast<float>(row);
    const float scores[] = {numbers.many(1, -1, 1)[0],
                            place,
                            -place,
                            static_cast<float>(std::min(row, size - row)),
                            static_cast<float>(numbers.below(3)) - 1,
                            0.5F};
    picks.push_back({ItemIndex{row}, scores[static_cast<std::size_t>(order)]});
  }
  return picks;
}

std::vector<Pick> sorted(std::vector<Pick> picks, std::size_t count) {
  std::sort(picks.begin(), picks.end(), internal::ranks_before);
  picks.resize(std::min(picks.size(), count));
  return picks;
}

void check_equal(std::span<const Pick> picks, std::span<const Pick> expected) {
  REQUIRE(picks.size() == expected.size());
  for (std::size_t i = 0; i < picks.size(); ++i) {
    REQUIRE(picks[i].item == expected[i].item);
    REQUIRE(picks[i].score == expected[i].score);
  }
}

TEST_CASE("The best picks are what sorting gives, in whatever order they come") {
  const Order order = GENERATE(from_range(kOrders));
  const std::uint32_t size = GENERATE(0, 1, 2, 400, 3000);
  const std::size_t count = GENERATE(0, 1, 2, 100, 2999, 3000, 5000);
  CAPTURE(static_cast<int>(order), size, count);
  const std::vector<Pick> picks = picks_in(order, size);
  // Exactly as long as it has to be: beyond it the sanitizer watches.
  std::vector<Pick> room(BestPicks::room(count, size));
  BestPicks best(room, count);
  for (const Pick& pick : picks) best.add(pick);
  const std::size_t found = best.finish();
  check_equal(std::span(room).first(found), sorted(picks, count));
}

TEST_CASE("The best of a list are copied in order, and fewer where there are fewer") {
  const Order order = GENERATE(from_range(kOrders));
  const std::uint32_t size = GENERATE(0, 1, 700);
  const std::size_t count = GENERATE(0, 1, 30, 700, 701);
  const std::vector<Pick> picks = picks_in(order, size);
  std::vector<Pick> all = picks;
  std::vector<Pick> list(count);
  list.resize(internal::copy_best(all, list));
  check_equal(list, sorted(picks, count));
}

TEST_CASE("Zero and minus zero are a tie") {
  std::vector<Pick> all = {{ItemIndex{2}, 0.0F}, {ItemIndex{1}, -0.0F}, {ItemIndex{0}, -1.0F}};
  std::vector<Pick> list(2);
  REQUIRE(internal::copy_best(all, list) == 2);
  CHECK(list[0].item == ItemIndex{1});
  CHECK(list[1].item == ItemIndex{2});
}

TEST_CASE("The threshold rises as picks come, and is the score of the last that is wanted") {
  const std::vector<Pick> picks = picks_in(Order::kAny, 5000);
  std::vector<Pick> room(BestPicks::room(10, picks.size()));
  BestPicks best(room, 10);
  CHECK(best.threshold() == -std::numeric_limits<float>::infinity());
  float last = best.threshold();
  for (const Pick& pick : picks) {
    best.add(pick);
    REQUIRE(best.threshold() >= last);
    last = best.threshold();
  }
  best.cut();
  CHECK(best.threshold() == sorted(picks, 10).back().score);
}

}  // namespace runtime_best_picks_test
}  // namespace palate::testing
