// The sequence network in the runtime, against a second implementation in double precision.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "palate/recommender.h"
#include "recommenders.h"
#include "runtime_reference.h"
#include "sample_models.h"
#include "sequence_reference.h"

namespace palate::testing {
namespace runtime_sequence_test {

/// Distinct items, ever longer after one another, of both types and of none.
std::vector<Event> timed_history(std::uint32_t items, std::uint32_t count, std::uint64_t seed) {
  std::vector<Event> history = sample_history(items, count, seed);
  std::int64_t time = 1'600'000'000'000;
  for (Event& event : history) {
    event.time_ms = time += time / 200'000'000 * (time % 97);
    event.type = static_cast<std::uint32_t>(time % 3);
  }
  return history;
}

/// What the network reads of a history of distinct items, or where it reads repeats of any: the
/// newest `window` events.
std::vector<ReadEvent> read_events(std::span<const Event> history, std::size_t window) {
  const auto newest = history.last(std::min(window, history.size()));
  std::vector<ReadEvent> events;
  for (std::size_t k = 0; k < newest.size(); ++k) {
    const std::size_t gap = k == 0 ? 0 : gap_bucket(newest[k - 1].time_ms, newest[k].time_ms);
    events.push_back({static_cast<std::uint32_t>(to_row(newest[k].item)), gap, newest[k].type});
  }
  return events;
}

std::size_t window_of(const ModelContents& contents) {
  return contents.sequence->mixer == Mixer::kAttention ? contents.sequence->window : 1000;
}

TEST_CASE("Gaps between events go into a bucket for each doubling") {
  const std::pair<std::int64_t, std::size_t> expected[] = {
      {-5000, 1}, {0, 1}, {999, 1}, {1000, 2}, {1999, 2}, {2000, 3}, {3999, 3}, {4000, 4}};
  for (const auto& [gap_ms, bucket] : expected) CHECK(gap_bucket(9000, 9000 + gap_ms) == bucket);
  CHECK(gap_bucket(0, 7) == 0);
  CHECK(gap_bucket(7, 0) == 0);
  CHECK(gap_bucket(INT64_MIN, INT64_MAX) == kGapBuckets - 1);
  CHECK(gap_bucket(INT64_MAX, INT64_MIN) == 1);
}

TEST_CASE("A sequence network agrees with its formula in double precision") {
  const Mixer mixer = GENERATE(Mixer::kAttention, Mixer::kRecurrence);
  const bool gaps = GENERATE(true, false);
  const bool types = GENERATE(true, false);
  ModelContents contents = sample_sequence(mixer, {.items = 80, .dimension = 12});
  if (!gaps) contents.sequence->gap_vectors.clear();
  if (!types) contents.sequence->type_vectors.clear();
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const ReferenceSequence reference(contents);
  for (const std::uint32_t count : {1U, 5U, 20U, 33U}) {
    const std::vector<Event> history = timed_history(80, count, count);
    const Vector expected =
        reference.user_vectors(read_events(history, window_of(contents))).back();
    std::vector<float> vector(contents.dimension);
    REQUIRE(recommender.user_vector(history, vector).ok());
    for (std::size_t k = 0; k < vector.size(); ++k) {
      CHECK(vector[k] == Catch::Approx(expected[k]).epsilon(1e-4).margin(1e-5));
    }
  }
}

TEST_CASE("A sequence network that reads repeats reads an item each time it was touched") {
  ModelContents contents = sample_sequence(GENERATE(Mixer::kAttention, Mixer::kRecurrence));
  contents.sequence->repeats = true;
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  std::vector<Event> history = timed_history(40, 9, 5);
  for (const std::size_t again : {2, 2, 7}) {
    Event event = history[again];
    event.time_ms = history.back().time_ms + 5000;
    event.type = 1;
    history.push_back(event);
  }
  const Vector expected =
      ReferenceSequence(contents).user_vectors(read_events(history, window_of(contents))).back();
  std::vector<float> vector(contents.dimension);
  REQUIRE(recommender.user_vector(history, vector).ok());
  for (std::size_t k = 0; k < vector.size(); ++k) {
    CHECK(vector[k] == Catch::Approx(expected[k]).epsilon(1e-4).margin(1e-5));
  }
  // A reason an item, in which its events come together.
  const Result<Explanation> explanation = recommender.explain(history, ItemIndex{1});
  REQUIRE(explanation.ok());
  CHECK(explanation->contributions.size() == 9);
  double sum = explanation->base + explanation->remainder;
  for (const Contribution& contribution : explanation->contributions) sum += contribution.amount;
  CHECK(sum == Catch::Approx(explanation->score).margin(1e-4));
  CHECK(std::abs(explanation->remainder) <= 0.05 * std::abs(explanation->score) + 0.05);
}

TEST_CASE("A history that grows event by event gives what it gives at once") {
  ModelContents contents = sample_sequence(GENERATE(Mixer::kAttention, Mixer::kRecurrence));
  contents.sequence->repeats = GENERATE(true, false);
  const OpenedModel model(contents);
  Recommender growing = recommender_for(*model);
  std::vector<Event> history = timed_history(40, 30, 4);
  history.push_back(history[3]);  // moves to the end, or stands there too
  for (std::size_t count = 1; count <= history.size(); ++count) {
    const std::span<const Event> now = std::span(history).first(count);
    std::vector<float> found(contents.dimension);
    std::vector<float> expected(contents.dimension);
    REQUIRE(growing.user_vector(now, found).ok());
    REQUIRE(recommender_for(*model).user_vector(now, expected).ok());
    CHECK(found == expected);
  }
  // And back: an event that is taken out is forgotten.
  std::vector<float> found(contents.dimension);
  std::vector<float> expected(contents.dimension);
  history.erase(history.begin() + 2);
  REQUIRE(growing.user_vector(history, found).ok());
  REQUIRE(recommender_for(*model).user_vector(history, expected).ok());
  CHECK(found == expected);
}

/// The user vector where only a part of the way from the average item to each of the newest 32
/// events is gone: parts[k] of event k.
double score_on_the_way(const ReferenceSequence& reference, const ModelContents& contents,
                        std::span<const ReadEvent> events, const std::vector<double>& parts,
                        std::size_t item) {
  const std::size_t d = contents.dimension;
  const std::size_t items = contents.catalogue.ids.size();
  Vector average(d, 0.0);
  double all = 0;
  for (std::size_t row = 0; row < items; ++row) {
    all += contents.catalogue.popularity[row];
    for (std::size_t k = 0; k < d; ++k) {
      average[k] += contents.catalogue.popularity[row] * reference.items[row * d + k];
    }
  }
  ReferenceSequence moved = reference;
  std::vector<ReadEvent> shifted(events.begin(), events.end());
  for (std::size_t e = 0; e < events.size(); ++e) {
    shifted[e].row = static_cast<std::uint32_t>(items + e);
    for (std::size_t k = 0; k < d; ++k) {
      const double own = reference.items[events[e].row * d + k];
      moved.items.push_back(average[k] / all + parts[e] * (own - average[k] / all));
    }
  }
  return reference_dot(moved.user_vectors(shifted).back(), reference_item_vector(contents, item));
}

TEST_CASE("A sequence network's reasons are integrated gradients and sum to the score") {
  const ModelContents contents =
      sample_sequence(GENERATE(Mixer::kAttention, Mixer::kRecurrence), {.items = 50});
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const ReferenceSequence reference(contents);
  const std::vector<Event> history = timed_history(50, 9, 7);
  const std::vector<ReadEvent> events = read_events(history, window_of(contents));
  const ItemIndex item{17};
  const Result<Explanation> explanation = recommender.explain(history, item);
  REQUIRE(explanation.ok());
  CHECK(explanation->base ==
        Catch::Approx(score_on_the_way(reference, contents, events, Vector(9, 0.0), 17))
            .epsilon(1e-4));
  REQUIRE(explanation->contributions.size() == 9);
  double sum = explanation->base + explanation->remainder;
  for (const Contribution& contribution : explanation->contributions) {
    sum += contribution.amount;
    std::size_t own = 0;
    while (history[own].item != contribution.item) ++own;
    // The integral by the rule of rectangles, its derivative by a difference.
    double expected = 0;
    constexpr int kRectangles = 200;
    for (int k = 0; k < kRectangles; ++k) {
      Vector parts(9, (k + 0.5) / kRectangles);
      parts[own] += 1e-4;
      const double above = score_on_the_way(reference, contents, events, parts, 17);
      parts[own] -= 2e-4;
      const double below = score_on_the_way(reference, contents, events, parts, 17);
      expected += (above - below) / 2e-4 / kRectangles;
    }
    CHECK(contribution.amount == Catch::Approx(expected).epsilon(0.1).margin(0.06));
  }
  CHECK(sum == Catch::Approx(explanation->score).margin(1e-4));
  CHECK(std::abs(explanation->remainder) <= 0.05 * std::abs(explanation->score) + 0.05);
}

TEST_CASE("Of a long history the newest 32 events are explained, and the rest is in the base") {
  const ModelContents contents =
      sample_sequence(GENERATE(Mixer::kAttention, Mixer::kRecurrence), {.items = 90, .window = 60});
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const ReferenceSequence reference(contents);
  const std::vector<Event> history = timed_history(90, 50, 2);
  const std::vector<ReadEvent> events = read_events(history, window_of(contents));
  const Result<Explanation> explanation = recommender.explain(history, ItemIndex{3});
  REQUIRE(explanation.ok());
  REQUIRE(explanation->contributions.size() == 50);
  for (const Contribution& contribution : explanation->contributions) {
    std::size_t own = 0;
    while (history[own].item != contribution.item) ++own;
    CHECK((contribution.amount == 0) == (own < 18));
    if (own < 18 || own % 4 != 1) continue;
    // The same nodes of the integral, with the derivative by a difference.
    double expected = 0;
    for (const auto& [place, weight] :
         {std::pair(0.0694318442, 0.1739274226), std::pair(0.3300094782, 0.3260725774),
          std::pair(0.6699905218, 0.3260725774), std::pair(0.9305681558, 0.1739274226)}) {
      Vector parts(50, 1.0);
      std::fill(parts.begin() + 18, parts.end(), place);
      parts[own] += 1e-4;
      const double above = score_on_the_way(reference, contents, events, parts, 3);
      parts[own] -= 2e-4;
      const double below = score_on_the_way(reference, contents, events, parts, 3);
      expected += weight * (above - below) / 2e-4;
    }
    CHECK(contribution.amount == Catch::Approx(expected).epsilon(1e-3).margin(1e-4));
  }
}

TEST_CASE("An explanation is the same whether its older events were read before or not") {
  ModelContents contents =
      sample_sequence(GENERATE(Mixer::kAttention, Mixer::kRecurrence), {.items = 90, .window = 70});
  contents.sequence->repeats = GENERATE(true, false);
  const OpenedModel model(contents);
  std::vector<Event> history = timed_history(90, 80, 2);
  Recommender growing = recommender_for(*model);
  const auto check = [&](std::span<const Event> now) {
    const Result<Explanation> found = growing.explain(now, ItemIndex{3});
    const Result<Explanation> expected = recommender_for(*model).explain(now, ItemIndex{3});
    REQUIRE(found.ok());
    REQUIRE(expected.ok());
    CHECK(found->score == expected->score);
    CHECK(found->base == expected->base);
    CHECK(std::ranges::equal(found->contributions, expected->contributions,
                             [](const Contribution& one, const Contribution& other) {
                               return one.item == other.item && one.amount == other.amount;
                             }));
  };
  // Longer, by one and by many; shorter; as long with another event among the older ones.
  for (const std::size_t count : {20U, 50U, 51U, 80U, 45U, 60U}) {
    check(std::span(history).first(count));
  }
  std::swap(history[1], history[4]);
  check(std::span(history).first(60));
}

TEST_CASE("A ranker scores a sequence network's candidates, and its reasons sum to its score") {
  const SampleShape shape{.items = 60, .candidates = 12};
  ModelContents contents = sample_sequence(Mixer::kAttention, shape);
  contents.ranker = sample_hybrid(shape).ranker;
  const std::vector<Event> history = timed_history(60, 6, 3);
  const Vector user = ReferenceSequence(contents).user_vectors(read_events(history, 20)).back();
  check_candidates(contents, history, user, 1e-4);
}

}  // namespace runtime_sequence_test
}  // namespace palate::testing
