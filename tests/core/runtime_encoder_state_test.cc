// What a sequence network keeps of a history, given back to another recommender.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "palate/recommender.h"
#include "recommenders.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_encoder_state_test {

constexpr std::size_t kRead = 12;  // events of a state
constexpr std::size_t kPast = 16;  // behind the newest's stream: in a key or a recurrence's state

/// Distinct items, 10 seconds after one another, of both types and of none.
std::vector<Event> typed_history(std::uint32_t count) {
  std::vector<Event> history = sample_history(40, count, 3);
  for (std::uint32_t k = 0; k < count; ++k) {
    history[k].time_ms = 1'600'000'000'000 + 10'000 * k;
    history[k].type = k % 3;
  }
  return history;
}

ModelContents network(bool has_ranker) {
  ModelContents contents = sample_sequence(GENERATE(Mixer::kAttention, Mixer::kRecurrence));
  contents.sequence->repeats = GENERATE(true, false);
  if (has_ranker) contents.ranker = sample_hybrid().ranker;
  return contents;
}

std::vector<float> state_of(Recommender& recommender, std::span<const Event> history) {
  const std::span<const float> state = recommender.encoder_state(history);
  return {state.begin(), state.end()};
}

std::vector<float> vector_of(Recommender& recommender, const Model& model,
                             std::span<const Event> history) {
  std::vector<float> vector(model.dimension());
  const Status status = recommender.user_vector(history, vector);
  if (!status) FAIL(status.error().message);
  return vector;
}

/// Of a recommender that goes on from a state.
std::vector<float> restored_vector(const Model& model, std::span<const float> state,
                                   std::span<const Event> history) {
  Recommender recommender = recommender_for(model);
  REQUIRE(recommender.restore_encoder(state));
  return vector_of(recommender, model, history);
}

std::vector<float> fresh_vector(const Model& model, std::span<const Event> history) {
  Recommender recommender = recommender_for(model);
  return vector_of(recommender, model, history);
}

TEST_CASE("Lists and reasons from a restored state are those of the whole history") {
  const OpenedModel model(network(GENERATE(true, false)));
  const std::vector<Event> history = typed_history(kRead + 5);
  Recommender before = recommender_for(*model);
  const std::vector<float> state = state_of(before, std::span(history).first(kRead));
  for (const std::size_t count : {kRead, kRead + 1, kRead + 5}) {
    const std::span<const Event> now = std::span(history).first(count);
    Recommender restored = recommender_for(*model);
    REQUIRE(restored.restore_encoder(state));
    Recommender fresh = recommender_for(*model);
    std::vector<Pick> found(10);
    std::vector<Pick> expected(10);
    REQUIRE(restored.recommend(now, {}, found).value() == 10);
    REQUIRE(fresh.recommend(now, {}, expected).value() == 10);
    for (std::size_t k = 0; k < 10; ++k) {
      CHECK(found[k].item == expected[k].item);
      CHECK(found[k].score == expected[k].score);
    }
    const Result<Explanation> why = restored.explain(now, ItemIndex{3});
    const Result<Explanation> expected_why = fresh.explain(now, ItemIndex{3});
    REQUIRE(why.ok());
    REQUIRE(expected_why.ok());
    CHECK(why->score == expected_why->score);
    CHECK(why->base == expected_why->base);
    CHECK(std::ranges::equal(why->contributions, expected_why->contributions,
                             [](const Contribution& one, const Contribution& other) {
                               return one.item == other.item && one.amount == other.amount;
                             }));
  }
}

TEST_CASE("What a restored state has read is not read again") {
  const OpenedModel model(network(false));
  const std::vector<Event> history = typed_history(kRead + 1);
  Recommender before = recommender_for(*model);
  std::vector<float> state = state_of(before, std::span(history).first(kRead));
  state[model->dimension() + kPast] += 1;
  CHECK(restored_vector(*model, state, history) != fresh_vector(*model, history));
}

TEST_CASE("A state is the same whatever its recommender has read before") {
  const OpenedModel model(network(false));
  const std::vector<Event> history = typed_history(18);
  const std::span<const Event> first = std::span(history).first(kRead);
  Recommender fresh = recommender_for(*model);
  const std::vector<float> expected = state_of(fresh, first);
  Recommender longer = recommender_for(*model);
  state_of(longer, history);
  CHECK(state_of(longer, first) == expected);
  Recommender restored = recommender_for(*model);
  REQUIRE(restored.restore_encoder(expected));
  CHECK(state_of(restored, first) == expected);
  // Also of a history that grew out of another's state.
  const std::vector<float> whole = state_of(fresh, history);
  CHECK(state_of(restored, history) == whole);
  // And of the history read last, before another's state was given.
  REQUIRE(restored.restore_encoder(expected));
  CHECK(state_of(restored, history) == whole);
}

TEST_CASE("A state of other events is not used") {
  const OpenedModel model(network(false));
  const std::vector<Event> history = typed_history(kRead + 1);
  std::vector<Event> other = history;
  SECTION("of another item") { std::swap(other[4], other[kRead]); }
  SECTION("of another type") { other[4].type = (other[4].type + 1) % 3; }
  SECTION("at another time") { other[4].time_ms = other[3].time_ms; }
  SECTION("of fewer") { other.resize(kRead - 1); }
  SECTION("in another order") { std::reverse(other.begin(), other.end()); }
  Recommender before = recommender_for(*model);
  const std::vector<float> state = state_of(before, std::span(history).first(kRead));
  CHECK(restored_vector(*model, state, other) == fresh_vector(*model, other));
}

TEST_CASE("A state that leads to no finite vector is forgotten, and the history read anew") {
  const OpenedModel model(sample_sequence(Mixer::kAttention));
  const std::vector<Event> history = typed_history(kRead + 1);
  Recommender before = recommender_for(*model);
  std::vector<float> state = state_of(before, std::span(history).first(kRead));
  std::fill_n(state.data() + model->dimension() + kPast, 10, std::numeric_limits<float>::max());
  CHECK(restored_vector(*model, state, history) == fresh_vector(*model, history));
}

TEST_CASE("What is no state of the model is refused, and changes nothing") {
  const OpenedModel model(network(false));
  const std::vector<Event> history = typed_history(kRead);
  Recommender recommender = recommender_for(*model);
  const std::vector<float> state = state_of(recommender, history);
  const auto check = [&](std::span<const float> wrong) {
    REQUIRE_FALSE(recommender.restore_encoder(wrong));
    REQUIRE(state_of(recommender, history) == state);
  };
  std::vector<float> longer = state;
  longer.push_back(0);
  check(longer);
  check({});
  check(std::span(state).first(1));
  check(std::span(state).first(state.size() - 1));
  for (std::size_t place = 0; place < state.size(); ++place) {
    for (const float damage : {std::numeric_limits<float>::quiet_NaN(), INFINITY, -INFINITY}) {
      std::vector<float> damaged = state;
      damaged[place] = damage;
      check(damaged);
    }
  }
}

TEST_CASE("Only a network that has read something has a state") {
  const OpenedModel fold_in(sample_fold_in());
  Recommender folding = recommender_for(*fold_in);
  const std::vector<Event> history = typed_history(3);
  CHECK(state_of(folding, sample_history(40, 3, 1)).empty());
  CHECK_FALSE(folding.restore_encoder({}));

  const OpenedModel model(network(false));
  Recommender recommender = recommender_for(*model);
  CHECK(state_of(recommender, {}).empty());
  CHECK_FALSE(state_of(recommender, history).empty());
  // What was read before is not given away when nothing of it is left.
  CHECK(state_of(recommender, {}).empty());
  // Nor where there is none that could be read.
  CHECK_FALSE(state_of(recommender, history).empty());
  const Event beyond{.item = ItemIndex{40}};
  CHECK(state_of(recommender, {&beyond, 1}).empty());
}

}  // namespace runtime_encoder_state_test
}  // namespace palate::testing
