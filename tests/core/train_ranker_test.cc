// What the ranker learns from: the split, the visits, the features, the loss and the measure.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "data/parallel.h"
#include "gradient_check.h"
#include "palate/model_writer.h"
#include "palate/random.h"
#include "palate/recommender.h"
#include "palate/train.h"
#include "runtime/features.h"
#include "runtime/visitor_features.h"
#include "sample_models.h"
#include "train/instruction_set.h"
#include "train/ranker/features.h"
#include "train/ranker/ranker_loss.h"
#include "train/ranker/ranker_trainer.h"
#include "train/ranker/ranking_score.h"
#include "train/ranker/target_split.h"
#include "train/ranker/visits.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_ranker_test {

using internal::Example;
using internal::TargetChoice;
using internal::TargetSplit;
using internal::ThreadPool;
using internal::Visit;
using internal::VisitSet;

const internal::Kernels& kernels() { return *internal::choose_instruction_set()->kernels; }

std::vector<std::uint32_t> targets_of(const TargetSplit& split, std::size_t user) {
  const auto begin = split.targets.columns.begin();
  return {begin + static_cast<std::ptrdiff_t>(split.targets.offsets[user]),
          begin + static_cast<std::ptrdiff_t>(split.targets.offsets[user + 1])};
}

std::vector<std::uint32_t> items_of(std::span<const Event> history) {
  std::vector<std::uint32_t> items;
  for (const Event& event : history)
    items.push_back(static_cast<std::uint32_t>(to_row(event.item)));
  return items;
}

TEST_CASE("Targets are held out of every user with two items, and of no other") {
  const Sample sample = make_sample({{0}, {0, 1}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}, 10);
  const TargetChoice choice = GENERATE(TargetChoice::kNewest, TargetChoice::kRandom);
  const TargetSplit split = internal::hold_out_targets(sample.dataset, 0.3, 100, choice, 1);
  CHECK(split.targets.count(0) == 0);
  CHECK(split.targets.count(1) == 1);
  CHECK(split.targets.count(2) == 3);
  for (std::size_t user = 0; user < 3; ++user) {
    std::vector<std::uint32_t> both = items_of(split.known.histories.of(user));
    const std::vector<std::uint32_t> targets = targets_of(split, user);
    both.insert(both.end(), targets.begin(), targets.end());
    std::vector<std::uint32_t> all = items_of(sample.dataset.histories.of(user));
    std::ranges::sort(both);
    std::ranges::sort(all);
    CHECK(both == all);
  }
}

TEST_CASE("The newest items are held out where the order counts, no more than the limit") {
  const Sample sample = make_sample({{5, 3, 8, 1, 9, 0, 2, 7}}, 10);
  const TargetSplit split =
      internal::hold_out_targets(sample.dataset, 0.5, 2, TargetChoice::kNewest, 1);
  std::vector<std::uint32_t> newest = items_of(sample.dataset.histories.of(0).last(2));
  std::ranges::sort(newest);
  CHECK(targets_of(split, 0) == newest);
  CHECK(items_of(split.known.histories.of(0)) == items_of(sample.dataset.histories.of(0).first(6)));
}

TEST_CASE("An item that comes again is held out with all its events") {
  Sample sample = make_sample({{0, 1, 2, 3}}, 4);
  std::vector<Event>& events = sample.dataset.histories.events;
  events.push_back(events[1]);
  sample.dataset.histories.offsets.back() = events.size();
  const TargetSplit split =
      internal::hold_out_targets(sample.dataset, 0.25, 1, TargetChoice::kNewest, 1);
  CHECK(targets_of(split, 0) == items_of(std::span(events).subspan(1, 1)));
  CHECK(split.known.histories.of(0).size() == 3);
}

TEST_CASE("The measure of a list is that of its definition") {
  // By score: item 1, item 2 (a tie keeps the order of the candidates), item 3, item 0; targets 1
  // and 3 are first and third. In the second visit the target is second of two.
  VisitSet set;
  set.examples = {{0, 0}, {1, 1}, {2, 0}, {3, 1}, {4, 0}, {5, 1}};
  set.visits = {{0, 4}, {4, 6}};
  const std::vector<float> scores = {0.1F, 0.9F, 0.9F, 0.5F, 0.3F, 0.2F};
  const internal::RankerScore score = internal::ranking_score(set, scores);
  const double first = (1 + 1 / std::log2(4.0)) / (1 + 1 / std::log2(3.0));
  CHECK(score.ndcg == Catch::Approx((first + 1 / std::log2(3.0)) / 2));
  CHECK(score.auc == Catch::Approx(0.75 / 2));
}

std::vector<Example> sample_examples() {
  return {{0, 1}, {1, 0}, {2, 0}, {3, 1}, {4, 0}, {5, 0}, {6, 0}};
}

std::vector<float> floats(const std::vector<double>& numbers) {
  return {numbers.begin(), numbers.end()};
}

TEST_CASE("The softmax loss is that of its definition") {
  const std::vector<Example> examples = sample_examples();
  const std::vector<float> logits = {0.5F, -1.0F, 2.0F, 0.0F, 1.0F, -0.5F, 0.25F};
  std::vector<float> by_logits(logits.size());
  double others = 0;
  for (const std::size_t k : {1, 2, 4, 5, 6}) others += std::exp(double{logits[k]});
  const auto of_target = [&](double logit) {
    return -std::log(std::exp(logit) / (std::exp(logit) + others));
  };
  CHECK(internal::ranker_loss(RankerLoss::kSoftmax, examples, logits, by_logits) ==
        Catch::Approx((of_target(0.5) + of_target(0.0)) / 2));
}

TEST_CASE("The derivatives of the ranker's losses are those of numerical differences") {
  const RankerLoss loss = GENERATE(RankerLoss::kSoftmax, RankerLoss::kBce);
  const std::vector<Example> examples = sample_examples();
  // Quarters are floats, and what the differences add to them rounds to one of 2^-20 at least.
  std::vector<double> logits = {0.5, -1.0, 2.0, 0.0, 1.0, -0.5, 0.25};
  std::vector<float> by_logits(logits.size());
  internal::ranker_loss(loss, examples, floats(logits), by_logits);
  constexpr double kStep = 1.0 / 256;
  for (std::size_t k = 0; k < logits.size(); ++k) {
    std::vector<float> unused(logits.size());
    std::vector<double> moved = logits;
    moved[k] += kStep;
    const double above = internal::ranker_loss(loss, examples, floats(moved), unused);
    moved[k] -= 2 * kStep;
    const double below = internal::ranker_loss(loss, examples, floats(moved), unused);
    CAPTURE(k);
    CHECK(by_logits[k] == Catch::Approx((above - below) / (2 * kStep)).margin(2e-5));
  }
}

TEST_CASE("A shift of all logits changes neither loss") {
  const RankerLoss loss = GENERATE(RankerLoss::kSoftmax, RankerLoss::kBce);
  const std::vector<Example> examples = sample_examples();
  const std::vector<float> logits = {0.5F, -1.0F, 2.0F, 0.0F, 1.0F, -0.5F, 0.25F};
  std::vector<float> shifted;
  for (const float logit : logits) shifted.push_back(logit + 6);
  std::vector<float> unused(logits.size());
  CHECK(internal::ranker_loss(loss, examples, logits, unused) ==
        Catch::Approx(internal::ranker_loss(loss, examples, shifted, unused)).margin(1e-5));
}

/// The sample model with two further retrievers, and users over its items.
struct VisitSample {
  VisitSample() {
    const Sample sample = make_sample(random_users(30, 60, 12, 6), 60);
    split = internal::hold_out_targets(sample.dataset, 0.25, 3, TargetChoice::kNewest, 1);
  }

  VisitSet draw(unsigned threads, float short_share) const {
    ThreadPool pool(threads);
    std::vector<std::uint32_t> users;
    for (std::uint32_t user = 0; user < 30; ++user) users.push_back(user);
    Result<VisitSet> set =
        internal::draw_visits(*model, split, users, {.short_share = short_share, .seed = 5}, pool);
    if (!set.ok()) FAIL(set.error().message);
    return std::move(*set);
  }

  ModelContents contents = sample_retrievers(true, {.items = 60, .candidates = 20});
  OpenedModel model{contents};
  TargetSplit split;
};

TEST_CASE("A visit's candidates and features are those of the page") {
  const VisitSample sample;
  const VisitSet set = sample.draw(1, 0);
  REQUIRE(set.visits.size() > 10);
  CHECK(set.dimension == 8);
  CHECK(set.column_count == 8);
  Result<Recommender> recommender = Recommender::create(*sample.model);
  REQUIRE(recommender.ok());
  std::size_t visit = 0;
  for (std::uint32_t user = 0; user < 30; ++user) {
    const std::span<const Event> history = sample.split.known.histories.of(user);
    std::vector<Pick> picks(20);
    REQUIRE(recommender->recommend(history, {.candidates = 20}, picks).ok());
    std::set<std::uint32_t> expected;
    for (const Pick& pick : picks) expected.insert(static_cast<std::uint32_t>(to_row(pick.item)));
    const std::vector<std::uint32_t> targets = targets_of(sample.split, user);
    if (std::ranges::none_of(targets, [&](std::uint32_t t) { return expected.contains(t); })) {
      continue;
    }
    REQUIRE(visit < set.visits.size());
    std::set<std::uint32_t> found;
    for (const Example& example : set.of(set.visits[visit])) {
      found.insert(example.item);
      CHECK(example.label == (std::ranges::count(targets, example.item) > 0 ? 1.0F : 0.0F));
    }
    CHECK(found == expected);
    std::vector<float> vector(8);
    REQUIRE(recommender->user_vector(history, vector).ok());
    CHECK(std::ranges::equal(vector, std::span(set.vectors).subspan(visit * 8, 8)));
    ++visit;
  }
  CHECK(visit == set.visits.size());
}

TEST_CASE("Any number of threads draws the same visits") {
  const VisitSample sample;
  const VisitSet expected = sample.draw(1, 0.5F);
  const VisitSet set = sample.draw(3, 0.5F);
  CHECK(set.columns == expected.columns);
  CHECK(set.vectors == expected.vectors);
  REQUIRE(set.examples.size() == expected.examples.size());
  for (std::size_t k = 0; k < set.examples.size(); ++k) {
    CHECK(set.examples[k].item == expected.examples[k].item);
    CHECK(set.examples[k].label == expected.examples[k].label);
  }
}

/// 400 users who take seven of eight items from one of four genres. An item's vector points to its
/// genre through much noise, so a folded-in visitor's taste is clear while an item's kind is not:
/// the categories say it.
struct NoisyVectors {
  static constexpr std::uint32_t kGenres = 4;
  static constexpr std::uint32_t kItems = 400;

  explicit NoisyVectors(bool with_genres) {
    Random random(8);
    std::vector<std::vector<std::uint32_t>> users(400);
    for (std::uint32_t user = 0; user < users.size(); ++user) {
      std::set<std::uint64_t> items;
      while (items.size() < 20) {
        const bool own = random.below(8) != 0;
        const std::uint64_t taste = own ? user % kGenres : random.below(kGenres);
        const std::uint64_t item = kGenres * random.below(kItems / kGenres) + taste;
        if (items.insert(item).second) users[user].push_back(static_cast<std::uint32_t>(item));
      }
    }
    const Sample sample = make_sample(users, kItems);
    split = internal::hold_out_targets(sample.dataset, 0.25, 100, TargetChoice::kRandom, 1);
    retrieval.catalogue = sample.dataset.catalogue;
    retrieval.dimension = kGenres;
    Attribute genre{"genre", AttributeKind::kCategory, {}, {"a", "b", "c", "d"}, {0}, {}};
    for (const std::string& id : retrieval.catalogue.ids) {
      const std::uint32_t own = std::stoul(id.substr(1)) % kGenres;
      genre.entries.push_back(own);
      genre.offsets.push_back(static_cast<std::uint32_t>(genre.entries.size()));
      for (std::uint32_t c = 0; c < kGenres; ++c) {
        retrieval.item_vectors.push_back(static_cast<float>((c == own ? 1 : 0) + random.normal()));
      }
    }
    if (with_genres) retrieval.catalogue.attributes = {genre};
    retrieval.fold_in = FoldIn{gramian_of(retrieval), 0.2F, 0.009F, 1.0F};
  }

  internal::RankerResult train(const RankerRecipe& recipe) const {
    ThreadPool pool(2);
    internal::Checkpoint none;
    const std::vector<ItemWeights> no_retrievers;
    const internal::RankerInputs inputs{retrieval, no_retrievers, split, {}, TargetChoice::kRandom,
                                        kernels(), pool,          none};
    Result<internal::RankerResult> result =
        internal::train_ranker(inputs, recipe, 1, [](auto...) {});
    if (!result.ok()) FAIL(result.error().message);
    return std::move(*result);
  }

  ModelContents retrieval;
  TargetSplit split;
};

RankerRecipe quick_recipe() {
  RankerRecipe recipe;
  recipe.candidates = NoisyVectors::kItems;
  recipe.learning_rate = 0.005F;
  recipe.epochs = 40;
  recipe.patience = 40;
  recipe.validation_share = 0.25F;
  return recipe;
}

TEST_CASE("The ranker learns what a category is worth to a visitor") {
  const NoisyVectors sample(true);
  RankerRecipe recipe = quick_recipe();
  recipe.loss = GENERATE(RankerLoss::kSoftmax, RankerLoss::kBce);
  if (recipe.loss == RankerLoss::kBce) recipe.negatives = 4;
  recipe.vectors = GENERATE(false, true);
  recipe.history_features = !recipe.vectors;
  CAPTURE(recipe.loss == RankerLoss::kSoftmax, recipe.vectors);
  const internal::RankerResult result = sample.train(recipe);
  CHECK(result.validation.auc > result.retrieval.auc + 0.05);
  CHECK(result.validation.ndcg > result.retrieval.ndcg + 0.02);
}

TEST_CASE("A ranker that learns nothing useful is its start, which ranks as retrieval does") {
  const NoisyVectors sample(false);
  RankerRecipe recipe = quick_recipe();
  recipe.epochs = 2;
  recipe.learning_rate = 1.0F;
  const internal::RankerResult result = sample.train(recipe);
  CHECK(result.epochs == 2);
  CHECK(result.validation.ndcg == result.retrieval.ndcg);

  ModelContents contents = sample.retrieval;
  const OpenedModel retrieval(contents);
  contents.ranker = result.ranker;
  const OpenedModel hybrid(contents);
  Result<Recommender> plain = Recommender::create(*retrieval);
  Result<Recommender> ranked = Recommender::create(*hybrid);
  REQUIRE((plain.ok() && ranked.ok()));
  const std::span<const Event> history = sample.split.known.histories.of(3);
  std::vector<Pick> expected(20);
  std::vector<Pick> found(20);
  REQUIRE(plain->recommend(history, {}, expected).ok());
  REQUIRE(ranked->recommend(history, {}, found).ok());
  for (std::size_t k = 0; k < found.size(); ++k) CHECK(found[k].item == expected[k].item);
}

TEST_CASE("The features that the ranker learns from are those that the runtime computes") {
  ModelContents contents;
  Catalogue& catalogue = contents.catalogue;
  catalogue.ids = {"a", "b", "c", "d"};
  catalogue.popularity = {9, 5, 5, 1};
  catalogue.attributes = {
      {"genre", AttributeKind::kCategory, {}, {"x", "y", "z"}, {0, 2, 3, 3, 4}, {0, 1, 1, 2}},
      {"year", AttributeKind::kNumber, {1990, kNoValue, 2010, 2001}, {}, {}, {}},
      {"same", AttributeKind::kNumber, {7, 7, 7, 7}, {}, {}, {}}};
  RankerRecipe recipe;
  recipe.min_category_items = 1;
  recipe.max_categories = 2;
  const std::vector<std::uint8_t> recency = {0, 255, 51, 204};
  std::vector<FeatureView> features = internal::choose_features(catalogue, recency, recipe);
  // Score, popularity, recency, year, year missing, and the two most frequent of the categories.
  REQUIRE(features.size() == 7);
  CHECK(features[5].category == 1);
  CHECK(features[6].category == 0);
  internal::add_visitor_features(catalogue, recipe, 2, features);
  // Two scores, an affinity and a distance, each of late and on the whole, and the length.
  REQUIRE(features.size() == 7 + 2 + 4 + 1);
  const internal::ItemStatistics statistics{
      {catalogue.popularity.begin(), catalogue.popularity.end()}, recency};
  const std::vector<float> table = internal::feature_table(catalogue, statistics, features);

  const ItemWeights none{{}, {0, 0, 0, 0, 0}, {}, {}};
  contents.item_weights = none;
  const auto inputs = static_cast<std::uint32_t>(features.size());
  contents.ranker =
      Ranker{{{inputs, 1, std::vector<float>(inputs), {0.0F}}}, features, 4, {none, none}};
  contents.ranker->recency = recency;
  const OpenedModel model(contents);
  const Result<internal::ItemFeatures> runtime =
      internal::ItemFeatures::create(*model, model->ranker()->features);
  REQUIRE(runtime.ok());
  for (std::size_t item = 0; item < 4; ++item) {
    std::vector<float> columns(features.size());
    runtime->write(to_item(item), columns);
    for (std::size_t f = 1; f < features.size(); ++f) {
      CAPTURE(item, f);
      if (internal::is_of_visitor(features[f].source)) continue;
      CHECK(table[item * features.size() + f] == Catch::Approx(columns[f]).margin(1e-5));
    }
  }
}

}  // namespace train_ranker_test
}  // namespace palate::testing
