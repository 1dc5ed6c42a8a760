// Sequence: its gradients, what it reads, and the models that come out.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gradient_check.h"
#include "palate/random.h"
#include "palate/train.h"
#include "sequence_reference.h"
#include "train/instruction_set.h"
#include "train/sequence/trainer.h"
#include "train/sequence/windows.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_sequence_test {

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using internal::ItemSequences;
using internal::SequenceModel;
using internal::SequenceTrainer;
using internal::ThreadPool;
using internal::Window;

constexpr std::size_t kItems = 19;

const internal::Kernels& kernels() { return *internal::choose_instruction_set()->kernels; }

/// A catalogue, times and two types of events, without histories.
Dataset small_dataset() {
  Dataset dataset;
  for (std::uint32_t item = 0; item < kItems; ++item) {
    dataset.catalogue.ids.push_back(std::to_string(item));
    dataset.catalogue.popularity.push_back(40 - item);
  }
  dataset.has_times = true;
  dataset.event_types = {"view", "buy"};
  return dataset;
}

/// Users of 2 to 11 events, seconds to months apart, of all types and none.
ItemSequences small_sequences() {
  ItemSequences sequences;
  Random random(6);
  for (std::size_t user = 0; user < 12; ++user) {
    const auto items = random_users(1, kItems, 2 + user % 10, user + 1).front();
    std::int64_t time = 1'000'000'000'000;
    for (const std::uint32_t item : items) {
      time += static_cast<std::int64_t>(1000 * std::exp(15 * random.uniform()));
      sequences.items.push_back(item);
      sequences.weights.push_back(1);
      sequences.times_ms.push_back(time);
      sequences.types.push_back(static_cast<std::uint32_t>(random.below(3)));
    }
    sequences.offsets.push_back(sequences.items.size());
  }
  return sequences;
}

SequenceRecipe small_recipe(Mixer mixer) {
  SequenceRecipe recipe;
  recipe.mixer = mixer;
  recipe.dimension = 6;
  recipe.heads = 2;
  recipe.state = 5;
  recipe.hidden = 7;
  recipe.window = 4;  // shorter than most sequences
  recipe.dropout = 0;
  recipe.initial_stddev = 0.4F;
  return recipe;
}

std::vector<std::uint32_t> all_users(const ItemSequences& sequences) {
  std::vector<std::uint32_t> users(sequences.user_count());
  std::iota(users.begin(), users.end(), 0U);
  return users;
}

std::vector<ReadEvent> events_of(const ItemSequences& sequences, const Window& window) {
  std::vector<ReadEvent> events;
  for (std::size_t k = window.begin; k < window.end; ++k) {
    const std::int64_t before = k > window.begin ? sequences.times_ms[k - 1] : 0;
    events.push_back(
        {sequences.items[k], gap_bucket(before, sequences.times_ms[k]), sequences.types[k]});
  }
  return events;
}

/// The mean cross entropy of the next items against all others.
double reference_loss(const ReferenceSequence& reference, const ItemSequences& sequences,
                      std::span<const Window> windows) {
  double loss = 0;
  std::size_t targets = 0;
  for (const Window& window : windows) {
    const Matrix users = reference.user_vectors(events_of(sequences, window));
    for (std::size_t t = 0; t < users.size(); ++t, ++targets) {
      double sum = 0;
      double own = 0;
      for (std::size_t item = 0; item < kItems; ++item) {
        const double* vector = &reference.items[item * reference.dimension];
        const double score = std::inner_product(users[t].begin(), users[t].end(), vector, 0.0);
        sum += std::exp(score);
        if (item == sequences.items[window.begin + t + 1]) own = score;
      }
      loss += std::log(sum) - own;
    }
  }
  return loss / static_cast<double>(targets);
}

/// By all items' vectors, items x dimension.
std::vector<float> item_gradient_of(const SequenceTrainer& trainer, std::size_t dimension) {
  const auto& gradient = trainer.item_gradient();
  std::vector<float> found(kItems * dimension, 0.0F);
  for (std::size_t k = 0; k < gradient.items().size(); ++k) {
    std::copy_n(&gradient.rows()[k * dimension], dimension,
                &found[gradient.items()[k] * dimension]);
  }
  return found;
}

TEST_CASE("The gradient of sequence is the difference quotient of its loss") {
  const SequenceRecipe recipe = small_recipe(GENERATE(Mixer::kAttention, Mixer::kRecurrence));
  const Dataset dataset = small_dataset();
  const ItemSequences sequences = small_sequences();
  ThreadPool pool(2);
  SequenceModel model(dataset, recipe, 3, kernels(), pool);
  Random random(8);
  for (float& x : model.network.parameters()) x += 0.2F * static_cast<float>(random.normal());
  SequenceTrainer trainer(dataset.catalogue, recipe, model, kernels(), pool);
  const std::vector<Window> windows =
      internal::draw_windows(sequences, all_users(sequences), recipe.window, Random(1));

  ModelContents contents;
  contents.dimension = recipe.dimension;
  contents.item_vectors = model.items.vectors();
  contents.sequence = model.network.exported(model.network.parameters());
  ReferenceSequence reference(contents);
  const double loss = trainer.step(sequences, windows, 0, Random(1));
  std::size_t targets = 0;
  for (const Window& window : windows) targets += window.size();
  CHECK(loss / static_cast<double>(targets) ==
        Approx(reference_loss(reference, sequences, windows)).epsilon(1e-5));

  const auto quotients = [&](std::vector<double>& numbers) {
    return difference_quotients(numbers,
                                [&] { return reference_loss(reference, sequences, windows); });
  };
  const std::vector<double> by_network = quotients(reference.numbers);
  REQUIRE(trainer.network_gradient().size() == by_network.size());
  for (std::size_t k = 0; k < by_network.size(); ++k) {
    CHECK(trainer.network_gradient()[k] == Approx(by_network[k]).epsilon(2e-3).margin(2e-5));
  }
  const std::vector<double> by_items = quotients(reference.items);
  const std::vector<float> found = item_gradient_of(trainer, recipe.dimension);
  for (std::size_t k = 0; k < found.size(); ++k) {
    CHECK(found[k] == Approx(by_items[k]).epsilon(2e-3).margin(2e-5));
  }
}

TEST_CASE(
    "Against a sample of the items too, the gradient is the difference quotient of the loss") {
  SequenceRecipe recipe = small_recipe(Mixer::kAttention);
  recipe.negatives = 9;
  recipe.negative_popularity = 0.5F;
  recipe.popularity_correction = GENERATE(0.0F, 1.0F);
  const Dataset dataset = small_dataset();
  const ItemSequences sequences = small_sequences();
  ThreadPool pool(2);
  SequenceModel model(dataset, recipe, 3, kernels(), pool);
  SequenceTrainer trainer(dataset.catalogue, recipe, model, kernels(), pool);
  const std::vector<Window> windows =
      internal::draw_windows(sequences, all_users(sequences), recipe.window, Random(1));
  std::size_t targets = 0;
  for (const Window& window : windows) targets += window.size();
  const auto loss = [&] {  // the same sample each time
    return trainer.step(sequences, windows, 0, Random(1)) / static_cast<double>(targets);
  };
  loss();
  const std::vector<float> found = item_gradient_of(trainer, recipe.dimension);
  constexpr float kStep = 0.001F;
  for (std::size_t item = 0; item < kItems; ++item) {
    const std::vector<float> all = model.items.vectors();
    std::vector<float> vector(&all[item * recipe.dimension], &all[(item + 1) * recipe.dimension]);
    const auto loss_with = [&](std::size_t column, float change) {
      std::vector<float> moved = vector;
      moved[column] += change;
      model.items.start_at(item, moved);
      model.items.take_over();
      return loss();
    };
    for (std::size_t column = 0; column < vector.size(); ++column) {
      const double quotient = (loss_with(column, kStep) - loss_with(column, -kStep)) / (2 * kStep);
      CHECK(found[item * recipe.dimension + column] == Approx(quotient).epsilon(1e-2).margin(2e-4));
    }
    loss_with(0, 0);
  }
}

TEST_CASE("Every event but a user's first is a target once, in a window of its user") {
  const ItemSequences sequences = small_sequences();
  const std::size_t length = GENERATE(1, 3, 100);
  std::multiset<std::size_t> targets;
  std::set<std::size_t> cuts;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const Window& window :
         internal::draw_windows(sequences, all_users(sequences), length, Random(seed))) {
      CHECK(window.size() >= 1);
      CHECK(window.size() <= length);
      const auto user = std::ranges::upper_bound(sequences.offsets, window.begin) - 1;
      CHECK(window.end < *(user + 1));
      for (std::size_t k = window.begin; k < window.end; ++k) targets.insert(k + 1);
      cuts.insert(window.begin);
    }
  }
  for (std::size_t user = 0; user < sequences.user_count(); ++user) {
    CHECK(targets.count(sequences.offsets[user]) == 0);
    for (std::size_t k = sequences.offsets[user] + 1; k < sequences.offsets[user + 1]; ++k) {
      CHECK(targets.count(k) == 20);
    }
  }
  // With a length of 3 the cuts fall anywhere but before a user's last event.
  if (length == 3) CHECK(cuts.size() > 50);
}

ModelContents trained(const Dataset& dataset, const std::vector<std::string>& overrides,
                      unsigned threads = 2) {
  std::vector<std::string> all = {"sequence.dimension=8", "sequence.hidden=16",
                                  "sequence.state=8",     "sequence.epochs=25",
                                  "sequence.batch=64",    "sequence.learning_rate=0.01"};
  all.insert(all.end(), overrides.begin(), overrides.end());
  TrainOptions options;
  options.seed = 3;
  options.threads = threads;
  Result<ModelContents> contents = train(dataset, recipe_with("sequence", all), options);
  if (!contents.ok()) FAIL(contents.error().message);
  return std::move(*contents);
}

/// Walks over a ring of 24 items, half of the users forwards and half backwards: the last item
/// alone does not tell what comes next, the last two do.
Sample two_ways_round() {
  Random random(9);
  std::vector<std::vector<std::uint32_t>> users;
  for (std::uint32_t user = 0; user < 300; ++user) {
    const auto start = static_cast<std::uint32_t>(random.below(24));
    const std::uint32_t step = user % 2 == 0 ? 1 : 23;
    users.emplace_back();
    for (std::uint32_t k = 0; k < 9; ++k) users.back().push_back((start + k * step) % 24);
  }
  return make_sample(users, 24);
}

/// The share of walks of three whose next item scores best.
double share_of_right_ways(const ModelContents& contents, const Sample& sample) {
  const ReferenceSequence reference(contents);
  std::size_t right = 0;
  for (std::uint32_t start = 0; start < 24; ++start) {
    for (const std::uint32_t step : {1U, 23U}) {
      std::vector<ReadEvent> events;
      for (std::uint32_t k = 0; k < 3; ++k) {
        events.push_back({static_cast<std::uint32_t>(sample.row_of[(start + k * step) % 24]), 0});
      }
      const Vector user = reference.user_vectors(events).back();
      std::size_t best = 0;
      double highest = -1e9;
      for (std::size_t item = 0; item < 24; ++item) {
        const double score =
            reference_dot(user, reference_item_vector(contents, sample.row_of[item]));
        if (score <= highest) continue;
        highest = score;
        best = item;
      }
      if (best == (start + 3 * step) % 24) ++right;
    }
  }
  return static_cast<double>(right) / 48;
}

TEST_CASE("Sequence learns what the order of events tells, whatever the mixer and the negatives") {
  const Sample sample = two_ways_round();
  const auto overrides =
      GENERATE(std::vector<std::string>{}, std::vector<std::string>{"sequence.mixer=recurrence"},
               std::vector<std::string>{"sequence.negatives=12"},
               std::vector<std::string>{"sequence.optimizer=adam", "sequence.validation_share=0"});
  CHECK(share_of_right_ways(trained(sample.dataset, overrides), sample) >= 0.9);
}

/// After an item that is bought comes the next one of a ring, after one that is looked at the one
/// before it; what comes may have been there.
Dataset bought_or_looked_at() {
  constexpr std::uint32_t kRing = 8;
  Random random(4);
  InteractionLog log;
  log.types = {"look", "buy"};
  for (std::uint32_t item = 0; item < kRing; ++item)
    log.items.push_back("i" + std::to_string(item));
  for (std::uint32_t user = 0; user < 200; ++user) {
    log.users.push_back("u" + std::to_string(user));
    auto item = static_cast<std::uint32_t>(random.below(kRing));
    for (int k = 0; k < 8; ++k) {
      const auto type = static_cast<std::uint32_t>(1 + random.below(2));
      log.user.push_back(user);
      log.item.push_back(item);
      log.type.push_back(type);
      item = (item + (type == 2 ? 1 : kRing - 1)) % kRing;
    }
  }
  JoinReport report;
  return make_dataset(log, {}, report);
}

TEST_CASE("Sequence learns what the type of an event tells, and that items come again") {
  const Dataset dataset = bought_or_looked_at();
  const auto mixer = GENERATE("attention", "recurrence");
  const ModelContents contents =
      trained(dataset, {"data.repeats=true", std::string("sequence.mixer=") + mixer});
  CHECK(contents.sequence->repeats);
  CHECK(contents.event_types == std::vector<std::string>{"look", "buy"});
  const ReferenceSequence reference(contents);
  std::size_t right = 0;
  std::size_t asked = 0;
  for (std::size_t user = 0; user < 50; ++user) {
    const std::span<const Event> history = dataset.histories.of(user);
    std::vector<ReadEvent> events;
    for (std::size_t k = 0; k + 1 < history.size(); ++k, ++asked) {
      events.push_back({static_cast<std::uint32_t>(to_row(history[k].item)), 0, history[k].type});
      const Vector vector = reference.user_vectors(events).back();
      std::size_t best = 0;
      double highest = -1e9;
      for (std::size_t item = 0; item < contents.catalogue.ids.size(); ++item) {
        const double score = reference_dot(vector, reference_item_vector(contents, item));
        if (score > highest) highest = score, best = item;
      }
      right += best == to_row(history[k + 1].item) ? 1 : 0;
    }
  }
  CHECK(static_cast<double>(right) >= 0.9 * static_cast<double>(asked));
}

TEST_CASE("Any number of threads trains the same sequence network") {
  const Sample sample = two_ways_round();
  const auto mixer = GENERATE("attention", "recurrence");
  const std::vector<std::string> overrides = {"sequence.epochs=2", "sequence.batch=1500",
                                              "sequence.negatives=9",
                                              std::string("sequence.mixer=") + mixer};
  const ModelContents expected = trained(sample.dataset, overrides, 1);
  for (const unsigned threads : {2U, 4U}) {
    const ModelContents found = trained(sample.dataset, overrides, threads);
    CHECK(found.item_vectors == expected.item_vectors);
    CHECK(ReferenceSequence(found).numbers == ReferenceSequence(expected).numbers);
  }
}

TEST_CASE("Heads that do not share the dimension are refused") {
  const Recipe recipe = recipe_with("sequence", {"sequence.dimension=10", "sequence.heads=4"});
  const Result<ModelContents> contents = train(two_ways_round().dataset, recipe, {});
  REQUIRE_FALSE(contents.ok());
  CHECK(contents.error().code == ErrorCode::kRecipeInvalid);
  CHECK_THAT(contents.error().message, ContainsSubstring("sequence.heads"));
}

TEST_CASE("Users with one event are no measure of when to stop") {
  std::vector<std::vector<std::uint32_t>> users(40, {0});
  const ModelContents contents = trained(make_sample(users, 1).dataset, {});
  CHECK(contents.facts.metrics.empty());
}

TEST_CASE("Sequence trains where there is nothing to tell apart") {
  CHECK(trained(make_sample({{0}}, 1).dataset, {}).item_vectors.size() == 8);
  CHECK(trained(make_sample({{0, 1}, {1, 0}}, 2).dataset, {}).item_vectors.size() == 16);
}

}  // namespace train_sequence_test
}  // namespace palate::testing
