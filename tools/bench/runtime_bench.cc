// How long the runtime takes for one visitor, on random models of a realistic size.
//
//   cmake --build --preset release --target palate_bench && build/release/tools/bench/palate_bench
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "palate/recommender.h"
#include "sample_models.h"

namespace palate::testing {
namespace {

constexpr std::uint32_t kDimension = 64;

Recommender recommender_for(const Model& model) {
  Result<Recommender> recommender = Recommender::create(model);
  if (!recommender) FAIL(recommender.error().message);
  return std::move(*recommender);
}

}  // namespace

TEST_CASE("Fold-in, d = 64") {
  const OpenedModel model(sample_fold_in({.items = 2000, .dimension = kDimension}));
  Recommender recommender = recommender_for(*model);
  std::vector<float> vector(kDimension);
  for (const std::uint32_t events : {1U, 10U, 100U, 1000U}) {
    const std::vector<Event> history = sample_history(2000, events, 1);
    BENCHMARK("history of " + std::to_string(events)) {
      return recommender.user_vector(history, vector).ok();
    };
  }
}

TEST_CASE("One more event after a history, d = 64, two blocks of 128") {
  for (const Mixer mixer : {Mixer::kAttention, Mixer::kRecurrence}) {
    const std::string name = mixer == Mixer::kAttention ? "attention" : "recurrence";
    const OpenedModel model(sample_sequence(
        mixer,
        {.items = 3000, .dimension = kDimension, .state = 128, .window = 2048, .wide = 128}));
    std::vector<float> vector(kDimension);
    for (const std::uint32_t events : {10U, 100U, 1000U}) {
      const std::vector<Event> history = sample_history(3000, events + 1, 1);
      const std::span<const Event> before = std::span(history).first(events);
      for (const bool reads : {true, false}) {
        const std::string how = reads ? " events before" : " events that are read anew";
        BENCHMARK_ADVANCED(name + ", " + std::to_string(events) + how)
        (Catch::Benchmark::Chronometer meter) {
          std::vector<Recommender> recommenders;
          for (int run = 0; run < meter.runs(); ++run) {
            recommenders.push_back(recommender_for(*model));
            if (reads) REQUIRE(recommenders.back().user_vector(before, vector).ok());
          }
          meter.measure([&](int run) {
            return recommenders[static_cast<std::size_t>(run)].user_vector(history, vector).ok();
          });
        };
        if (!reads) {
          Recommender earlier = recommender_for(*model);
          const std::span<const float> state = earlier.encoder_state(before);
          BENCHMARK_ADVANCED(name + ", " + std::to_string(events) + " events in a state of " +
                             std::to_string(state.size_bytes()) + " bytes that is restored")
          (Catch::Benchmark::Chronometer meter) {
            std::vector<Recommender> recommenders;
            for (int run = 0; run < meter.runs(); ++run) {
              recommenders.push_back(recommender_for(*model));
            }
            meter.measure([&](int run) {
              Recommender& restored = recommenders[static_cast<std::size_t>(run)];
              return restored.restore_encoder(state) && restored.user_vector(history, vector).ok();
            });
          };
        }
        BENCHMARK_ADVANCED(name + ", " + std::to_string(events) + how + ", explained")
        (Catch::Benchmark::Chronometer meter) {
          std::vector<Recommender> recommenders;
          for (int run = 0; run < meter.runs(); ++run) {
            recommenders.push_back(recommender_for(*model));
            // The first explanation finds what all items of the model have in common, too.
            const auto known = reads ? before : before.first(1);
            REQUIRE(recommenders.back().explain(known, ItemIndex{0}).ok());
          }
          meter.measure([&](int run) {
            return recommenders[static_cast<std::size_t>(run)].explain(history, ItemIndex{0}).ok();
          });
        };
      }
    }
  }
}

TEST_CASE("List of 100 without a ranker, d = 64, history of 1") {
  for (const std::uint32_t items : {3000U, 100000U}) {
    const OpenedModel model(sample_fold_in({.items = items, .dimension = kDimension}));
    Recommender recommender = recommender_for(*model);
    const std::vector<Event> history = sample_history(items, 1, 1);
    std::vector<Pick> picks(100);
    BENCHMARK(std::to_string(items) + " items") {
      return recommender.recommend(history, {}, picks).ok();
    };
  }
}

TEST_CASE("Ranker 64-32-1 on 135 inputs") {
  const OpenedModel model(
      sample_hybrid({.items = 2000, .dimension = kDimension, .hidden = {64, 32}}));
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_history(2000, 10, 1);
  std::vector<ItemIndex> items;
  for (std::uint32_t row = 0; row < 200; ++row) items.push_back(ItemIndex{row * 10});
  std::vector<float> scores(items.size());
  BENCHMARK("score 200 items, fold-in of 10 events included") {
    return recommender.score(history, items, scores).ok();
  };
  std::uint32_t row = 0;
  BENCHMARK("explain an item, history of 10") {
    return recommender.explain(history, ItemIndex{row++ % 2000}).ok();
  };
}

}  // namespace palate::testing
