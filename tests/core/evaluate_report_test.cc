// The evaluation as a whole: who is tested, on what, and that the report does not depend on the
// threads.
#include <catch_amalgamated.hpp>
#include <cmath>

#include "evaluate_samples.h"
#include "palate/evaluate.h"

namespace palate {
namespace evaluate_report_test {

using Catch::Approx;
using testing::evaluated;
using testing::fold_in_contents;
using testing::log_of;
using testing::open_model;
using testing::popularity_contents;

TEST_CASE("Evaluation leaves seen items out of the lists and of the held-out set") {
  const auto [bytes, model] = open_model(popularity_contents(6));
  const auto history = log_of({{"ann", "i0"}, {"ann", "i1"}});
  const auto test = log_of({{"ann", "i1"}, {"ann", "i3"}});
  // Left in the list: i2, i3, i4, i5; left to find: i3, at rank 2.
  const auto report = evaluated(model, history, test, {.ks = {1, 2}});
  CHECK(report.users == 1);
  CHECK(report.held_out == 1);
  CHECK(report.model[0].ranking.recall == 0.0);
  CHECK(report.model[1].ranking.recall == 1.0);
  CHECK(report.model[1].ranking.mrr == Approx(0.5));
}

TEST_CASE("Evaluation keeps seen items where asked to") {
  const auto [bytes, model] = open_model(popularity_contents(6));
  const auto history = log_of({{"ann", "i0"}, {"ann", "i1"}});
  const auto test = log_of({{"ann", "i1"}, {"ann", "i3"}});
  // The list is i0, i1, i2, i3, ...: hits at ranks 2 and 4.
  const auto report = evaluated(model, history, test, {.ks = {4}, .include_seen = true});
  CHECK(report.held_out == 2);
  CHECK(report.model[0].ranking.recall == 1.0);
  CHECK(report.model[0].ranking.map == Approx((1.0 / 2.0 + 2.0 / 4.0) / 2.0));
}

TEST_CASE("Held-out items that the model does not know count as misses") {
  const auto [bytes, model] = open_model(popularity_contents(4));
  const auto history = log_of({{"ann", "i3"}});
  const auto test = log_of({{"ann", "i0"}, {"ann", "new"}});
  const auto report = evaluated(model, history, test, {.ks = {2}});
  CHECK(report.held_out == 2);
  CHECK(report.unknown == 1);
  CHECK(report.model[0].ranking.recall == Approx(0.5));
}

TEST_CASE("A seen item leaves the held-out set also where the model does not know it") {
  const auto [bytes, model] = open_model(popularity_contents(4));
  const auto history = log_of({{"ann", "new"}, {"ann", "i3"}});
  const auto test = log_of({{"ann", "new"}, {"ann", "i0"}});
  const auto report = evaluated(model, history, test, {.ks = {2}});
  CHECK(report.held_out == 1);
  CHECK(report.unknown == 0);
  CHECK(report.model[0].ranking.recall == 1.0);
}

TEST_CASE("A held-out item that is repeated counts once") {
  const auto [bytes, model] = open_model(popularity_contents(4));
  const auto test = log_of({{"ann", "i1"}, {"ann", "i1"}, {"ann", "new"}, {"ann", "new"}});
  const auto report = evaluated(model, {}, test, {.ks = {4}});
  CHECK(report.held_out == 2);
  CHECK(report.unknown == 1);
}

TEST_CASE("Users without anything held out are skipped and the others averaged") {
  const auto [bytes, model] = open_model(popularity_contents(4));
  const auto history = log_of({{"ann", "i0"}, {"bob", "i0"}, {"cy", "i2"}});
  const auto test = log_of({{"ann", "i0"}, {"bob", "i1"}, {"cy", "i3"}, {"dee", "i0"}});
  // At 1: bob hits i1, cy misses (i0 comes first), dee hits i0 without a history.
  const auto report = evaluated(model, history, test, {.ks = {1}});
  CHECK(report.users == 3);
  CHECK(report.without_history == 1);
  CHECK(report.model[0].ranking.hit_rate == Approx(2.0 / 3.0));
}

TEST_CASE("Coverage is the share of the catalogue that anybody is shown") {
  const auto [bytes, model] = open_model(popularity_contents(8));
  const auto history = log_of({{"ann", "i0"}, {"bob", "i1"}});
  const auto test = log_of({{"ann", "i5"}, {"bob", "i5"}});
  // Lists of two: ann i1, i2; bob i0, i2.
  const auto report = evaluated(model, history, test, {.ks = {1, 2}});
  CHECK(report.model[0].lists.coverage == Approx(2.0 / 8.0));
  CHECK(report.model[1].lists.coverage == Approx(3.0 / 8.0));
}

TEST_CASE("A popularity model scores what the popularity floor scores") {
  const auto [bytes, model] = open_model(popularity_contents(30));
  InteractionLog history = log_of({{"a", "i3"}, {"a", "i9"}, {"b", "i0"}, {"c", "i20"}});
  const auto test = log_of({{"a", "i1"}, {"a", "i12"}, {"b", "i4"}, {"c", "i7"}, {"d", "i2"}});
  const auto report = evaluated(model, history, test, {.ks = {1, 5, 100}});
  for (std::size_t at = 0; at < 3; ++at) {
    CHECK(report.model[at].ranking.recall == report.popularity[at].ranking.recall);
    CHECK(report.model[at].ranking.ndcg == report.popularity[at].ranking.ndcg);
    CHECK(report.model[at].lists.coverage == report.popularity[at].lists.coverage);
  }
  CHECK(report.model[2].ranking.recall == 1.0);
}

TEST_CASE("Evaluation without a held-out item is an error") {
  const auto [bytes, model] = open_model(popularity_contents(4));
  const auto seen = log_of({{"ann", "i0"}});
  const auto report = evaluate(model, seen, seen, {});
  REQUIRE_FALSE(report.ok());
  CHECK(report.error().code == ErrorCode::kDataEmpty);
}

TEST_CASE("Evaluation refuses a cut-off of zero") {
  const auto [bytes, model] = open_model(popularity_contents(4));
  const auto report = evaluate(model, {}, log_of({{"ann", "i0"}}), {.ks = {10, 0}});
  REQUIRE_FALSE(report.ok());
  CHECK(report.error().code == ErrorCode::kRequestInvalid);
}

TEST_CASE("A model without ranker and values is not classified and predicts nothing") {
  const auto [bytes, model] = open_model(fold_in_contents(10, 2));
  const auto report = evaluated(model, log_of({{"a", "i0"}}), log_of({{"a", "i1"}}), {});
  CHECK_FALSE(report.classification.has_value());
  CHECK_FALSE(report.values.has_value());
}

/// A ranker that gives every item the same logit.
ModelContents constant_ranker_contents(float logit) {
  ModelContents contents = fold_in_contents(12, 2);
  Ranker& ranker = contents.ranker.emplace();
  ranker.layers.push_back({4, 1, std::vector<float>(4, 0.0F), {logit}});
  ranker.candidates = 12;
  return contents;
}

TEST_CASE("A ranker with a constant logit is classified as worked out by hand") {
  const auto [bytes, model] = open_model(constant_ranker_contents(0.5F));
  const auto history = log_of({{"a", "i0"}, {"b", "i1"}});
  const auto test = log_of({{"a", "i2"}, {"a", "i3"}, {"b", "i4"}, {"c", "i5"}});
  const auto report = evaluated(model, history, test, {});
  REQUIRE(report.classification.has_value());
  // c has no history, so no logit. Of each 5 items 1 is held out, and all are said to be.
  CHECK(report.classification->positives == 3);
  CHECK(report.classification->negatives == 12);
  CHECK(report.classification->accuracy == Approx(0.2));
  CHECK(report.classification->precision == Approx(0.2));
  CHECK(report.classification->recall == 1.0);
  CHECK(report.classification->f1 == Approx(1.0 / 3.0));
  CHECK(report.classification->auc == Approx(0.5));
  CHECK(report.classification->log_loss ==
        Approx(0.2 * std::log1p(std::exp(-0.5)) + 0.8 * std::log1p(std::exp(0.5))));
}

TEST_CASE("Sampled items are neither seen nor held out") {
  // Logit 4 for the one item that is left, -4 for the others: any other sample would show.
  ModelContents contents = fold_in_contents(4, 1);
  contents.item_vectors = {-1, -1, -1, 1};
  contents.fold_in->gramian = {4};
  Ranker& ranker = contents.ranker.emplace();
  ranker.layers.push_back({2, 1, {0, 4}, {0}});
  ranker.candidates = 4;
  const auto [bytes, model] = open_model(contents);
  const auto report = evaluated(model, log_of({{"a", "i0"}, {"a", "i1"}}), log_of({{"a", "i2"}}),
                                {.negatives = 50});
  REQUIRE(report.classification.has_value());
  CHECK(report.classification->negatives == 50);
  CHECK(report.classification->log_loss == Approx(std::log1p(std::exp(4.0))));
}

TEST_CASE("Predicted values are held against the held-out ones") {
  ModelContents contents = popularity_contents(3);
  contents.value_head = ValueHead{.mean = 3,
                                  .item_bias = {0, 0.5F, -0.5F},
                                  .visitor_damping = 1,
                                  .slope = 0,
                                  .minimum = 1,
                                  .maximum = 5};
  const auto [bytes, model] = open_model(contents);
  InteractionLog test = log_of({{"a", "i1"}, {"a", "i2"}, {"b", "i2"}, {"b", "i0"}});
  test.value = {4.5F, 2.5F, 4.5F, kNoValue};
  // Predicted 3.5, 2.5 and 2.5: errors 1, 0 and 2.
  const auto report = evaluated(model, {}, test, {});
  REQUIRE(report.values.has_value());
  CHECK(report.values->count == 3);
  CHECK(report.values->mae == Approx(1.0));
  CHECK(report.values->mse == Approx(5.0 / 3.0));
}

}  // namespace evaluate_report_test
}  // namespace palate
