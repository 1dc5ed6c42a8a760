// What one visitor's choices change: gradients against difference quotients, and nothing that
// stays.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <span>
#include <vector>

#include "palate/recommender.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_learning_test {

ModelContents any_contents() {
  const SampleShape shape{.items = 60, .candidates = 30};
  switch (GENERATE(0, 1, 2, 3, 4, 5, 6, 7, 8)) {
    case 0:
      return sample_fold_in(shape);
    case 1:
      return sample_hybrid(shape);
    case 2:
      return sample_weighted_mean(shape);
    case 3:
      return sample_sequence(Mixer::kRecurrence, shape);
    case 4:
      return sample_value_fold_in(shape, true);
    case 5:
      return sample_retrievers(false, shape);
    case 6:
      return sample_byte_ranker(true, shape);
    case 7:
      return sample_cosines(shape);
    default:
      return sample_item_weights(shape);
  }
}

const std::vector<ItemIndex> kShownItems = {ItemIndex{21}, ItemIndex{9}, ItemIndex{33},
                                            ItemIndex{40}};

Recommender recommender_of(const OpenedModel& model) {
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  return std::move(*recommender);
}

std::vector<float> scores_of(Recommender& recommender, std::span<const Event> history) {
  std::vector<ItemIndex> items;
  for (std::uint32_t row = 0; row < 60; ++row) items.push_back(ItemIndex{row});
  std::vector<float> scores(items.size());
  REQUIRE(recommender.score(history, items, scores).ok());
  return scores;
}

/// How much the first of what was shown stands above the others.
double lead(std::span<const float> scores) {
  double others = 0;
  for (const ItemIndex item : std::span(kShownItems).subspan(1)) others += scores[to_row(item)];
  return scores[to_row(kShownItems[0])] - others / static_cast<double>(kShownItems.size() - 1);
}

TEST_CASE("What was chosen rises above what was passed over, and unlearning leaves nothing") {
  const OpenedModel model(any_contents());
  const std::vector<Event> history = sample_history(60, 6, 2);
  Recommender recommender = recommender_of(model);
  const std::vector<float> before = scores_of(recommender, history);
  double last = lead(before);
  for (int choice = 0; choice < 5; ++choice) {
    REQUIRE(recommender.learn(history, kShownItems).ok());
    const double now = lead(scores_of(recommender, history));
    CHECK(now > last);
    last = now;
  }
  recommender.unlearn();
  CHECK(scores_of(recommender, history) == before);
  // And again from there, to the same numbers.
  Recommender other = recommender_of(model);
  REQUIRE(recommender.learn(history, kShownItems).ok());
  REQUIRE(other.learn(history, kShownItems).ok());
  CHECK(scores_of(recommender, history) == scores_of(other, history));
}

TEST_CASE("With what was learned, lists hold the scores and reasons sum to them") {
  const OpenedModel model(any_contents());
  const std::vector<Event> history = sample_history(60, 6, 2);
  Recommender recommender = recommender_of(model);
  for (int choice = 0; choice < 3; ++choice) {
    REQUIRE(recommender.learn(history, kShownItems).ok());
  }
  const std::vector<float> scores = scores_of(recommender, history);
  std::vector<Pick> picks(10);
  REQUIRE(recommender.recommend(history, {}, picks).ok());
  for (const Pick& pick : picks) {
    CHECK(pick.score == Catch::Approx(scores[to_row(pick.item)]).epsilon(1e-5).margin(1e-5));
    const Result<Explanation> why = recommender.explain(history, pick.item);
    REQUIRE(why.ok());
    CHECK(why->score == Catch::Approx(pick.score).epsilon(1e-5).margin(1e-5));
    double sum = why->base;
    for (const Contribution& contribution : why->contributions) sum += contribution.amount;
    CHECK(sum + why->remainder == Catch::Approx(why->score).epsilon(1e-5).margin(1e-5));
    const bool is_rounded = model->ranker() != nullptr && model->ranker()->rounds_item_half;
    if (model->sequence() == nullptr && !is_rounded) {
      CHECK(std::abs(why->remainder) <= 1e-4 * std::max(1.0F, std::abs(why->score)));
    }
  }
}

TEST_CASE("A choice without precedent moves the logit by the rate, whatever the model's scale") {
  // Item weights alone: tastes are all there is, and logits are scores over their deviation.
  const float scale = GENERATE(0.001F, 1.0F, 1000.0F);
  ModelContents contents = sample_item_weights({.items = 60});
  for (float& value : contents.item_weights->values) value *= scale;
  const OpenedModel model(contents);
  const std::vector<Event> history = sample_history(60, 6, 2);
  Recommender recommender = recommender_of(model);
  const std::vector<float> before = scores_of(recommender, history);
  double sum = 0;
  double squares = 0;
  for (const float score : before) {
    sum += score;
    squares += double{score} * score;
  }
  const double deviation = std::sqrt(squares / 60 - sum / 60 * (sum / 60));
  const auto a = to_row(kShownItems[0]);
  const auto b = to_row(kShownItems[1]);
  const double margin = (before[a] - before[b]) / deviation;
  REQUIRE(
      recommender.learn(history, std::span(kShownItems).first(2), {.taste_rate = 0.2F, .decay = 0})
          .ok());
  const std::vector<float> after = scores_of(recommender, history);
  const double moved = (after[a] - after[b]) / deviation - margin;
  // The first step's length is that of a gradient as long as usual: rate * miss / (1 + 0.1).
  CHECK(moved == Catch::Approx(0.2 / 1.1 / (1 + std::exp(margin))).epsilon(1e-3));
}

TEST_CASE("What is learned fades with every choice, and is bounded") {
  const OpenedModel model(any_contents());
  const std::vector<Event> history = sample_history(60, 6, 2);
  Recommender recommender = recommender_of(model);
  const LearningSettings bounded{.layer_rate = 50,
                                 .vector_rate = 50,
                                 .taste_rate = 50,
                                 .decay = 0,
                                 .reach = 0.01F,
                                 .most = 0.01F};
  const std::vector<float> before = scores_of(recommender, history);
  for (int choice = 0; choice < 3; ++choice) {
    REQUIRE(recommender.learn(history, kShownItems, bounded).ok());
  }
  const std::vector<float> after = scores_of(recommender, history);
  const double spread = *std::max_element(before.begin(), before.end()) -
                        *std::min_element(before.begin(), before.end());
  for (std::size_t row = 0; row < 60; ++row) {
    CHECK(std::abs(after[row] - before[row]) < 0.3 * std::max(spread, 1.0));
  }
}

TEST_CASE("Lists that explore leave what was learned as it is") {
  const OpenedModel model(sample_fold_in({.items = 60}));
  const std::vector<Event> history = sample_history(60, 6, 2);
  Recommender recommender = recommender_of(model);
  for (int choice = 0; choice < 3; ++choice) {
    REQUIRE(recommender.learn(history, kShownItems).ok());
  }
  const std::vector<float> scores = scores_of(recommender, history);
  std::vector<Pick> picks(10);
  Request request;
  request.exploration = {.strength = 3, .seed = 7};
  REQUIRE(recommender.recommend(history, request, picks).ok());
  for (const Pick& pick : picks) CHECK(pick.score == scores[to_row(pick.item)]);
  CHECK(scores_of(recommender, history) == scores);
}

TEST_CASE("The unit of an adjustment is that of the scores as they were learned") {
  const OpenedModel model(sample_byte_ranker(true, {.items = 60, .candidates = 30}));
  const std::vector<Event> history = sample_history(60, 6, 2);
  const Adjustment wish{.attribute = 0, .category = 0, .weight = 1};
  Recommender recommender = recommender_of(model);
  REQUIRE(recommender.adjust({&wish, 1}).ok());
  scores_of(recommender, history);  // the unit of what was not learned yet
  REQUIRE(recommender.learn(history, kShownItems).ok());
  Recommender fresh = recommender_of(model);
  REQUIRE(fresh.learn(history, kShownItems).ok());
  REQUIRE(fresh.adjust({&wish, 1}).ok());
  CHECK(scores_of(recommender, history) == scores_of(fresh, history));
}

TEST_CASE("A choice of one item, of too many or of an unknown one is refused") {
  const OpenedModel model(sample_hybrid());
  const std::vector<Event> history = sample_history(40, 3, 2);
  Recommender recommender = recommender_of(model);
  const std::vector<ItemIndex> many(kMostShown + 1, ItemIndex{1});
  const std::vector<ItemIndex> unknown = {ItemIndex{1}, ItemIndex{40}};
  for (const std::vector<ItemIndex>& shown :
       {std::vector<ItemIndex>{ItemIndex{1}}, many, unknown}) {
    Status status = recommender.learn(history, shown);
    REQUIRE_FALSE(status.ok());
    CHECK(status.error().code == ErrorCode::kRequestInvalid);
  }
}

}  // namespace runtime_learning_test
}  // namespace palate::testing
