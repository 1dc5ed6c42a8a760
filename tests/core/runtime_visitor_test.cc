// Events by kind, value and age, and the replay of a profile.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <span>
#include <vector>

#include "palate/visitor.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_visitor_test {

constexpr std::int64_t kDay = 86'400'000;

std::vector<Event> weighed(const std::vector<VisitorEvent>& events, const OpenedModel& model,
                           const VisitorSettings& settings = {}) {
  std::vector<Event> history;
  weigh_events(events, *model, settings, history);
  return history;
}

VisitorEvent event_of(std::uint32_t item, EventKind kind, std::int64_t time_ms = 0,
                      float value = kNoValue) {
  return {.item = ItemIndex{item}, .kind = kind, .value = value, .time_ms = time_ms};
}

TEST_CASE("An event weighs by its kind and its value") {
  ModelContents contents = sample_fold_in();
  contents.value_head->mean = 3.5F;
  contents.value_head->minimum = 1;
  contents.value_head->maximum = 5;
  const OpenedModel model(contents);
  const auto weight = [&](const char* name, float value = kNoValue) {
    return event_weight(event_of(1, event_kind(name), 0, value), *model);
  };
  CHECK(weight("view") == 1);
  CHECK(weight("like") == 2);
  CHECK(weight("cart") == 2);
  CHECK(weight("buy") == 3);
  CHECK(weight("dislike") == -1);
  CHECK(weight("impression") == 0);
  CHECK(weight("skip") == 0);
  CHECK(weight("something else") == 1);
  CHECK(weight("rate") == 1);
  CHECK(weight("rate", 3.5F) == 1);
  CHECK(weight("rate", 5) == 1.75F);
  CHECK(weight("rate", 1) == -0.25F);
  CHECK(weight("rate", 900) == 2);
  CHECK(weight("dwell", 0) == 0);
  CHECK(weight("dwell", -3) == 0);
  CHECK(weight("dwell", 60) == 1);
  CHECK(weight("dwell", 3e38F) == 2);
  const OpenedModel reads_values(sample_value_fold_in());
  CHECK(event_weight(event_of(1, EventKind::kRate, 0, 1), *reads_values) == 1);
}

TEST_CASE("An event fades by half with each half-life before the newest that counts") {
  const OpenedModel model(sample_fold_in());
  const std::vector<VisitorEvent> events = {
      event_of(1, EventKind::kView, 100 * kDay), event_of(2, EventKind::kLike, 110 * kDay),
      event_of(3, EventKind::kOther, 90 * kDay), event_of(4, EventKind::kView, 0),
      event_of(5, EventKind::kView, 120 * kDay), event_of(6, EventKind::kImpression, 500 * kDay)};
  const std::vector<Event> history = weighed(events, model, {.half_life_days = 10});
  REQUIRE(history.size() == 5);
  const float weights[] = {0.25F, 1, 1, 1, 1};
  for (std::size_t k = 0; k < 5; ++k) CHECK(history[k].weight == Catch::Approx(weights[k]));
  CHECK(weighed(events, model, {.half_life_days = INFINITY})[0].weight == 1);
  CHECK(weighed({event_of(1, EventKind::kDislike, 1), event_of(2, EventKind::kView, 1LL << 62)},
                model)[0]
            .weight < 0);
}

TEST_CASE("A dislike takes the item's events before it out, and is the lowest value") {
  const OpenedModel model(sample_value_fold_in());
  const std::vector<Event> history =
      weighed({event_of(1, EventKind::kBuy), event_of(2, EventKind::kView),
               event_of(1, EventKind::kDislike), event_of(2, EventKind::kView)},
              model);
  REQUIRE(history.size() == 3);
  CHECK(history[1].item == ItemIndex{1});
  CHECK(history[1].weight == -1);
  CHECK(history[1].value == model->value_head()->minimum);
}

TEST_CASE("A dislike is an item that is expected to score -1") {
  const ModelContents contents = sample_fold_in({.items = 50, .dimension = 12});
  const OpenedModel model(contents);
  std::vector<Event> history = sample_history(50, 8, 3);
  for (const std::size_t k : {1U, 4U}) history[k].weight *= -1;
  std::vector<Event> magnitudes = history;
  for (Event& event : magnitudes) event.weight = std::abs(event.weight);
  Vector right_side(12, 0.0);
  for (const Event& event : history) {
    const Vector vector = reference_item_vector(contents, to_row(event.item));
    for (std::size_t k = 0; k < 12; ++k) right_side[k] += event.weight * vector[k];
  }
  const Vector expected = reference_solve(reference_system(contents, magnitudes), right_side);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  std::vector<float> vector(12);
  REQUIRE(recommender->user_vector(history, vector).ok());
  for (std::size_t k = 0; k < 12; ++k) {
    CHECK(vector[k] == Catch::Approx(expected[k]).epsilon(1e-5).margin(1e-6));
  }
}

ModelContents any_contents() {
  const SampleShape shape{.items = 60, .candidates = 30};
  switch (GENERATE(0, 1, 2, 3, 4, 5, 6, 7)) {
    case 0:
      return sample_popularity(shape);
    case 1:
      return sample_fold_in(shape);
    case 2:
      return sample_retrievers(true, shape);
    case 3:
      return sample_weighted_mean(shape);
    case 4:
      return sample_sequence(Mixer::kAttention, shape);
    case 5:
      return sample_value_fold_in(shape);
    case 6:
      return sample_retrievers(false, shape);
    default:
      return sample_item_weights(shape);
  }
}

/// Shows five items at a time; some are chosen, skipped, rated or disliked.
std::vector<VisitorEvent> sample_profile(std::uint64_t seed, std::size_t rounds) {
  SampleNumbers numbers(seed);
  std::vector<VisitorEvent> events;
  std::int64_t time = 1'700'000'000'000;
  for (std::size_t round = 0; round < rounds; ++round) {
    std::uint32_t shown[5];
    for (std::uint32_t& item : shown) {
      item = numbers.below(60);
      events.push_back(event_of(item, EventKind::kImpression, ++time));
    }
    constexpr EventKind kKinds[] = {EventKind::kView, EventKind::kLike,    EventKind::kSkip,
                                    EventKind::kRate, EventKind::kDislike, EventKind::kDwell};
    const EventKind kind = kKinds[numbers.below(6)];
    events.push_back(event_of(shown[numbers.below(5)], kind, time += kDay, numbers.between(1, 5)));
  }
  return events;
}

Status follow(Visitor& visitor, std::span<const VisitorEvent> events) {
  visitor.set_events({events.begin(), events.end()});
  return visitor.learn();
}

struct Seen {
  std::vector<ItemIndex> items;
  std::vector<float> scores;
  bool operator==(const Seen&) const = default;
};

/// What a page sees of a visitor: a list, for whom every other call has the same history.
Seen see(const Visitor& visitor, Recommender& recommender) {
  std::vector<Pick> picks(40);
  const auto count = recommender.recommend(visitor.history(), {}, picks);
  REQUIRE(count.ok());
  Seen seen;
  for (const Pick& pick : std::span(picks).first(*count)) {
    seen.items.push_back(pick.item);
    seen.scores.push_back(pick.score);
  }
  return seen;
}

TEST_CASE("A profile that grows event by event is one that was there at once") {
  const OpenedModel model(any_contents());
  const std::vector<VisitorEvent> events = sample_profile(4, 14);
  Result<Recommender> growing = Recommender::create(*model);
  Result<Recommender> whole = Recommender::create(*model);
  REQUIRE((growing.ok() && whole.ok()));
  Visitor grows(*model, *growing, {});
  for (std::size_t count = 1; count <= events.size(); ++count) {
    REQUIRE(follow(grows, std::span(events).first(count)).ok());
  }
  Visitor at_once(*model, *whole, {});
  REQUIRE(follow(at_once, events).ok());
  CHECK(see(grows, *growing) == see(at_once, *whole));
}

TEST_CASE("Without an event the list is that of a profile that never had it") {
  const OpenedModel model(any_contents());
  const std::vector<VisitorEvent> events = sample_profile(6, 14);
  Result<Recommender> one = Recommender::create(*model);
  REQUIRE(one.ok());
  Visitor forgets(*model, *one, {});
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    REQUIRE(follow(forgets, events).ok());
    std::vector<VisitorEvent> rest = events;
    const ItemIndex item = events[SampleNumbers(seed).below(60)].item;
    std::erase_if(rest, [&](const VisitorEvent& event) { return event.item == item; });
    REQUIRE(follow(forgets, rest).ok());
    Result<Recommender> fresh = Recommender::create(*model);
    REQUIRE(fresh.ok());
    Visitor never(*model, *fresh, {});
    REQUIRE(follow(never, rest).ok());
    CHECK(see(forgets, *one) == see(never, *fresh));
  }
  REQUIRE(follow(forgets, std::span<const VisitorEvent>()).ok());
  Result<Recommender> fresh = Recommender::create(*model);
  REQUIRE(fresh.ok());
  CHECK(see(forgets, *one) == see(Visitor(*model, *fresh, {}), *fresh));
}

TEST_CASE("Choices are learned where they may be") {
  const OpenedModel model(sample_retrievers(true, {.items = 60, .candidates = 30}));
  const std::vector<VisitorEvent> events = sample_profile(4, 14);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const auto seen = [&](bool learns) {
    Visitor visitor(*model, *recommender, {.learns = learns});
    recommender->unlearn();
    REQUIRE(follow(visitor, events).ok());
    return see(visitor, *recommender);
  };
  CHECK(seen(true).scores != seen(false).scores);
}

TEST_CASE(
    "A profile that the model cannot take is refused, and the next one is not touched by it") {
  const OpenedModel model(sample_retrievers(true, {.items = 60, .candidates = 30}));
  std::vector<VisitorEvent> events = sample_profile(4, 14);
  Result<Recommender> one = Recommender::create(*model);
  Result<Recommender> other = Recommender::create(*model);
  REQUIRE((one.ok() && other.ok()));
  Visitor visitor(*model, *one, {});
  std::vector<VisitorEvent> wrong = events;
  wrong.insert(wrong.begin(), event_of(60, EventKind::kView));
  CHECK_FALSE(follow(visitor, wrong).ok());
  REQUIRE(follow(visitor, events).ok());
  Visitor untouched(*model, *other, {});
  REQUIRE(follow(untouched, events).ok());
  CHECK(see(visitor, *one) == see(untouched, *other));
}

}  // namespace runtime_visitor_test
}  // namespace palate::testing
