// The recommender as callers see it: lists, scores, histories good and bad.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "palate/recommender.h"
#include "recommenders.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_recommender_test {

std::vector<Pick> recommend(Recommender& recommender, std::span<const Event> history,
                            std::size_t count, const Request& request = {}) {
  std::vector<Pick> picks(count);
  const Result<std::size_t> found = recommender.recommend(history, request, picks);
  if (!found) FAIL(found.error().message);
  picks.resize(*found);
  return picks;
}

std::vector<ItemIndex> all_items(const Model& model) {
  std::vector<ItemIndex> items;
  for (std::size_t row = 0; row < model.item_count(); ++row) items.push_back(to_item(row));
  return items;
}

std::vector<float> score_all(Recommender& recommender, const Model& model,
                             std::span<const Event> history) {
  const std::vector<ItemIndex> items = all_items(model);
  std::vector<float> scores(items.size());
  REQUIRE(recommender.score(history, items, scores).ok());
  return scores;
}

std::set<std::size_t> rows_of(std::span<const Pick> picks) {
  std::set<std::size_t> rows;
  for (const Pick& pick : picks) rows.insert(to_row(pick.item));
  return rows;
}

std::set<std::size_t> rows_of(std::span<const Event> history) {
  std::set<std::size_t> rows;
  for (const Event& event : history) rows.insert(to_row(event.item));
  return rows;
}

void check_best_first(std::span<const Pick> picks) {
  CHECK(std::is_sorted(picks.begin(), picks.end(), [](const Pick& a, const Pick& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  }));
}

TEST_CASE("An empty history gets the popular items and their share of all interactions") {
  const bool hybrid = GENERATE(false, true);
  const ModelContents contents = hybrid ? sample_hybrid() : sample_popularity();
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::vector<std::uint32_t>& popularity = contents.catalogue.popularity;
  const double total = std::accumulate(popularity.begin(), popularity.end(), 0.0);
  const std::vector<Pick> picks = recommend(recommender, {}, 15);
  REQUIRE(picks.size() == 15);
  for (std::size_t i = 0; i < picks.size(); ++i) {
    CHECK(picks[i].item == to_item(i));
    CHECK(picks[i].score == Catch::Approx(popularity[i] / total));
  }
  const std::vector<float> scores = score_all(recommender, *model, {});
  CHECK(std::accumulate(scores.begin(), scores.end(), 0.0) == Catch::Approx(1.0));
}

TEST_CASE("A popularity model leaves seen items out when asked to") {
  const OpenedModel model(sample_popularity({.items = 6}));
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = history_of({4, 0, 2, 0});
  CHECK(rows_of(recommend(recommender, history, 6)) == std::set<std::size_t>{1, 3, 5});
  CHECK(recommend(recommender, history, 6, {.exclude_seen = false}).size() == 6);
}

TEST_CASE("A list without a ranker is the catalogue sorted by user vector . item vector") {
  const ModelContents contents = sample_fold_in({.items = 300, .dimension = 10});
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_history(300, 9, 4);
  const Vector user = reference_user_vector(contents, history);
  const std::vector<Pick> picks = recommend(recommender, history, 300, {.exclude_seen = false});
  REQUIRE(picks.size() == 300);
  CHECK(rows_of(picks).size() == 300);
  check_best_first(picks);
  for (const Pick& pick : picks) {
    const double expected = reference_dot(user, reference_item_vector(contents, to_row(pick.item)));
    CHECK(pick.score == Catch::Approx(expected).epsilon(1e-5).margin(1e-6));
  }
}

TEST_CASE("Items of the history are left out unless asked for") {
  const bool hybrid = GENERATE(false, true);
  const OpenedModel model(hybrid ? sample_hybrid({.candidates = 5}) : sample_fold_in());
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_history(40, 7, 4);
  const std::vector<Pick> unseen = recommend(recommender, history, 40);
  CHECK(unseen.size() == 33);
  for (const std::size_t row : rows_of(history)) CHECK_FALSE(rows_of(unseen).contains(row));
  CHECK(recommend(recommender, history, 40, {.exclude_seen = false}).size() == 40);
}

TEST_CASE("A list and the scores of its items agree to the last bit") {
  const OpenedModel model(sample_fold_in({.items = 300}));
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_history(300, 9, 4);
  const std::vector<float> scores = score_all(recommender, *model, history);
  for (const Pick& pick : recommend(recommender, history, 50)) {
    CHECK(pick.score == scores[to_row(pick.item)]);
  }
}

TEST_CASE("With a ranker the list is the ranker's order of retrieval's candidates") {
  const SampleShape shape{.items = 100, .candidates = 20};
  const ModelContents contents = sample_hybrid(shape);
  const OpenedModel hybrid(contents);
  const OpenedModel retrieval(sample_fold_in(shape));
  Recommender recommender = recommender_for(*hybrid);
  Recommender retriever = recommender_for(*retrieval);
  const std::vector<Event> history = sample_history(100, 6, 8);
  const auto candidates = [&](std::size_t count) {
    return rows_of(recommend(retriever, history, count));
  };

  const std::vector<Pick> whole = recommend(recommender, history, 20);
  CHECK(rows_of(whole) == candidates(20));
  check_best_first(whole);
  const Vector user = reference_user_vector(contents, history);
  for (const Pick& pick : whole) {
    const double expected = reference_logit(contents, user, to_row(pick.item));
    CHECK(pick.score == Catch::Approx(expected).epsilon(1e-5).margin(1e-5));
  }

  const std::vector<Pick> best = recommend(recommender, history, 5);
  REQUIRE(best.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(best[i].item == whole[i].item);
  CHECK(rows_of(recommend(recommender, history, 12, {.candidates = 12})) == candidates(12));
  CHECK(rows_of(recommend(recommender, history, 30)) == candidates(30));
}

TEST_CASE("Candidates of several retrievers come by turns, each once") {
  const bool with_vectors = GENERATE(false, true);
  const SampleShape shape{.items = 100};
  const ModelContents contents = sample_retrievers(with_vectors, shape);
  const OpenedModel whole(contents);
  Recommender recommender = recommender_for(*whole);
  const std::vector<Event> history = sample_history(100, 6, 8);

  std::vector<std::vector<ItemIndex>> lists;
  const auto items_of = [&](Recommender& of, std::size_t count, const Request& request) {
    std::vector<ItemIndex> items;
    for (const Pick& pick : recommend(of, history, count, request)) items.push_back(pick.item);
    return items;
  };
  ModelContents alone = contents;
  alone.ranker.reset();
  const OpenedModel encoder(alone);
  Recommender first = recommender_for(*encoder);
  lists.push_back(items_of(first, 94, {}));
  for (const ItemWeights& rows : contents.ranker->retrievers) {
    ModelContents further = sample_popularity(shape);
    further.item_weights = rows;
    const OpenedModel model(further);
    Recommender retriever = recommender_for(*model);
    lists.push_back(items_of(retriever, 94, {}));
  }
  for (const std::size_t count : {1, 2, 17, 94}) {
    std::vector<ItemIndex> expected;
    for (std::size_t turn = 0; turn < 94; ++turn) {
      for (const std::vector<ItemIndex>& list : lists) {
        const bool taken = std::ranges::count(expected, list.at(turn)) > 0;
        if (!taken && expected.size() < count) expected.push_back(list[turn]);
      }
    }
    std::ranges::sort(expected);
    std::vector<ItemIndex> found =
        items_of(recommender, count, {.candidates = static_cast<std::uint32_t>(count)});
    std::ranges::sort(found);
    CAPTURE(with_vectors, count);
    CHECK(found == expected);
  }
}

TEST_CASE("Scores come in the order asked for and leave nothing out") {
  const bool with_ranker = GENERATE(false, true);
  const OpenedModel model(with_ranker ? sample_hybrid({.candidates = 3}) : sample_fold_in());
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_history(40, 5, 4);
  const std::vector<float> all = score_all(recommender, *model, history);
  const std::vector<ItemIndex> asked = {ItemIndex{7}, to_item(to_row(history[0].item)),
                                        ItemIndex{7}, ItemIndex{39}, ItemIndex{0}};
  std::vector<float> scores(asked.size());
  REQUIRE(recommender.score(history, asked, scores).ok());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    CHECK(scores[i] == Catch::Approx(all[to_row(asked[i])]).epsilon(1e-6).margin(1e-6));
  }
}

TEST_CASE("A recommender answers the same whatever it was asked before") {
  const OpenedModel model(sample_hybrid({.items = 100}));
  Recommender recommender = recommender_for(*model);
  const std::vector<Event> history = sample_history(100, 6, 8);
  const std::vector<Pick> before = recommend(recommender, history, 10);
  recommend(recommender, sample_history(100, 60, 9), 90);
  std::vector<Pick> similar(50);
  REQUIRE(recommender.similar(ItemIndex{4}, similar).ok());
  REQUIRE(recommender.explain(sample_history(100, 3, 1), ItemIndex{9}).ok());
  Recommender moved = std::move(recommender);
  const std::vector<Pick> after = recommend(moved, history, 10);
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(after[i].item == before[i].item);
    CHECK(after[i].score == before[i].score);
  }
}

TEST_CASE("Similar items are the nearest by cosine, the item itself left out") {
  ModelContents contents = sample_fold_in({.items = 50, .dimension = 6});
  std::fill_n(contents.item_vectors.begin() + 20 * 6, 6, 0.0F);  // item 20 has no vector
  contents.fold_in->gramian = gramian_of(contents);
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::size_t item = 3;
  std::vector<Pick> picks(50);
  const Result<std::size_t> found = recommender.similar(to_item(item), picks);
  REQUIRE(found.ok());
  REQUIRE(*found == 49);
  picks.resize(*found);
  check_best_first(picks);
  CHECK_FALSE(rows_of(picks).contains(item));
  const Vector a = reference_item_vector(contents, item);
  for (const Pick& pick : picks) {
    const Vector b = reference_item_vector(contents, to_row(pick.item));
    const double norms = std::sqrt(reference_dot(a, a) * reference_dot(b, b));
    const double cosine = norms > 0 ? reference_dot(a, b) / norms : 0.0;
    CHECK(pick.score == Catch::Approx(cosine).margin(1e-6));
  }
}

TEST_CASE("An item without a vector is similar to none") {
  ModelContents contents = sample_fold_in({.items = 5, .dimension = 2});
  std::fill_n(contents.item_vectors.begin(), 2, 0.0F);
  contents.fold_in->gramian = gramian_of(contents);
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  std::vector<Pick> picks(4);
  REQUIRE(recommender.similar(ItemIndex{0}, picks).ok());
  for (std::size_t i = 0; i < picks.size(); ++i) {
    CHECK(picks[i].score == 0.0F);
    CHECK(picks[i].item == to_item(i + 1));
  }
}

TEST_CASE("Predicted values follow the baseline formula worked out by hand") {
  // mean 3, biases (0.5, -0.5, 0, 1), damping 2, slope 2, values in [1, 5].
  ModelContents contents = sample_popularity({.items = 4});
  contents.dimension = 1;
  contents.item_vectors = {1, 1, 2, 0};
  contents.fold_in =
      FoldIn{.gramian = {6}, .unobserved_weight = 0.0F, .regularization = 1.0F, .exponent = 1.0F};
  contents.value_head = ValueHead{.mean = 3.0F,
                                  .item_bias = {0.5F, -0.5F, 0.0F, 1.0F},
                                  .visitor_damping = 2.0F,
                                  .slope = 2.0F,
                                  .minimum = 1.0F,
                                  .maximum = 5.0F};
  const OpenedModel model(contents);
  Recommender recommender = recommender_for(*model);
  const std::vector<ItemIndex> items = all_items(*model);
  std::vector<float> values(4);

  REQUIRE(recommender.predict_values({}, items, values).ok());
  CHECK(values == std::vector<float>{3.5F, 2.5F, 3.0F, 4.0F});

  // S = {0 rated 4.5, 1 not rated}: visitor bias = (4.5 - 3 - 0.5) / (2 + 1) = 1 / 3;
  // A = 1 + 1 + 1 * 2 = 4, b = 2, user vector 0.5, so the scores are (0.5, 0.5, 1, 0).
  std::vector<Event> history = history_of({0, 1});
  history[0].value = 4.5F;
  REQUIRE(recommender.predict_values(history, items, values).ok());
  CHECK(values[0] == Catch::Approx(3 + 0.5 + 1.0 / 3 + 1));
  CHECK(values[1] == Catch::Approx(3 - 0.5 + 1.0 / 3 + 1));
  CHECK(values[2] == 5.0F);  // 3 + 0 + 1 / 3 + 2, clamped
  CHECK(values[3] == Catch::Approx(3 + 1 + 1.0 / 3));

  // Of an item's values the newest given one counts.
  history.insert(history.begin(), {.item = ItemIndex{0}, .value = 1.0F});
  history.push_back({.item = ItemIndex{0}});
  std::vector<float> again(4);
  REQUIRE(recommender.predict_values(history, items, again).ok());
  CHECK(again == values);
}

TEST_CASE("What a model lacks is named as unsupported") {
  const OpenedModel model(sample_popularity());
  Recommender recommender = recommender_for(*model);
  std::vector<Pick> picks(3);
  const Result<std::size_t> similar = recommender.similar(ItemIndex{0}, picks);
  REQUIRE_FALSE(similar.ok());
  CHECK(similar.error().code == ErrorCode::kModelUnsupported);
  const ItemIndex item{0};
  float value = 0;
  const Status predicted = recommender.predict_values({}, {&item, 1}, {&value, 1});
  REQUIRE_FALSE(predicted.ok());
  CHECK(predicted.error().code == ErrorCode::kModelUnsupported);
}

TEST_CASE("Malformed requests are refused whatever is asked") {
  const OpenedModel model(sample_hybrid());
  Recommender recommender = recommender_for(*model);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const Event bad_events[] = {
      {.item = ItemIndex{40}},
      {.item = ItemIndex{std::numeric_limits<std::uint32_t>::max()}},
      {.item = ItemIndex{1}, .weight = 0.0F},
      {.item = ItemIndex{1}, .weight = kInfinity},
      {.item = ItemIndex{1}, .weight = kNoValue},
      {.item = ItemIndex{1}, .value = -kInfinity},
  };
  std::vector<Pick> picks(3);
  std::vector<float> vector(model->dimension());
  const ItemIndex item{2};
  float number = 0;
  for (const Event& bad : bad_events) {
    const std::vector<Event> history = {{.item = ItemIndex{3}}, bad};
    const Error errors[] = {
        recommender.recommend(history, {}, picks).error(),
        recommender.score(history, {&item, 1}, {&number, 1}).error(),
        recommender.explain(history, item).error(),
        recommender.predict_values(history, {&item, 1}, {&number, 1}).error(),
        recommender.user_vector(history, vector).error(),
    };
    for (const Error& error : errors) {
      CHECK(error.code == ErrorCode::kRequestInvalid);
      CHECK(error.message.starts_with("event 1 of the history has "));
    }
  }
}

TEST_CASE("Items beyond the catalogue and lists of nothing are refused") {
  const OpenedModel model(sample_fold_in());
  Recommender recommender = recommender_for(*model);
  std::vector<Pick> picks(3);
  const ItemIndex beyond{40};
  float number = 0;
  const Error errors[] = {
      recommender.score({}, {&beyond, 1}, {&number, 1}).error(),
      recommender.predict_values({}, {&beyond, 1}, {&number, 1}).error(),
      recommender.explain({}, beyond).error(),
      recommender.similar(beyond, picks).error(),
      recommender.similar(ItemIndex{0}, {}).error(),
      recommender.recommend({}, {}, {}).error(),
  };
  for (const Error& error : errors) CHECK(error.code == ErrorCode::kRequestInvalid);
}

TEST_CASE("A history of the whole catalogue leaves nothing to recommend") {
  const bool hybrid = GENERATE(false, true);
  const OpenedModel model(hybrid ? sample_hybrid() : sample_fold_in());
  Recommender recommender = recommender_for(*model);
  CHECK(recommend(recommender, sample_history(40, 40, 1), 5).empty());
}

}  // namespace runtime_recommender_test
}  // namespace palate::testing
