// Two models on the same users.
#include <catch_amalgamated.hpp>
#include <string>
#include <vector>

#include "evaluate_samples.h"
#include "palate/evaluate.h"
#include "palate/random.h"

namespace palate {
namespace evaluate_compare_test {

using Catch::Approx;
using testing::fold_in_contents;
using testing::log_of;
using testing::open_model;
using testing::popularity_contents;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kItems = 30;
constexpr int kUsers = 40;

Pairs drawn_pairs(std::uint64_t seed, std::size_t rows) {
  Random random(seed);
  Pairs pairs;
  for (std::size_t row = 0; row < rows; ++row) {
    pairs.emplace_back("u" + std::to_string(random.below(kUsers)),
                       "i" + std::to_string(random.below(kItems)));
  }
  return pairs;
}

Pairs of_user(const Pairs& pairs, const std::string& user) {
  Pairs rows;
  for (const auto& pair : pairs) {
    if (pair.first == user) rows.push_back(pair);
  }
  return rows;
}

ComparisonReport compared(const Model& model, const Model& other, const Pairs& history,
                          const Pairs& test, const EvaluateOptions& options) {
  const auto report = compare(model, other, log_of(history), log_of(test), options);
  if (!report) FAIL(report.error().message);
  return *report;
}

TEST_CASE("A model compared with itself differs by exactly nothing") {
  const auto [bytes, model] = open_model(fold_in_contents(kItems, 4));
  const auto report = compared(model, model, drawn_pairs(1, 120), drawn_pairs(2, 80), {});
  REQUIRE(report.differences.size() == 2);
  for (const CutOffDifferences& cut_off : report.differences) {
    for (const auto field : kRankingFields<Difference>) {
      const Difference& difference = cut_off.differences.*field;
      CHECK(difference.mean == 0.0);
      REQUIRE(difference.interval.has_value());
      CHECK(difference.interval->low == 0.0);
      CHECK(difference.interval->high == 0.0);
      CHECK(difference.better == 0);
      CHECK(difference.worse == 0);
      CHECK(difference.equal == report.model.users);
    }
  }
}

TEST_CASE("Differences agree with evaluating every user alone") {
  const auto [bytes, model] = open_model(fold_in_contents(kItems, 4));
  const auto [other_bytes, other] = open_model(popularity_contents(kItems));
  const Pairs history = drawn_pairs(3, 150);
  const Pairs test = drawn_pairs(4, 100);
  const EvaluateOptions options{.ks = {3}, .resamples = 0};
  const auto report = compared(model, other, history, test, options);
  for (std::size_t measure = 0; measure < kRankingFields<double>.size(); ++measure) {
    const auto field = kRankingFields<double>[measure];
    double sum = 0;
    std::uint64_t users = 0, better = 0, worse = 0;
    for (int user = 0; user < kUsers; ++user) {
      const std::string id = "u" + std::to_string(user);
      const auto past = log_of(of_user(history, id));
      const auto held_out = log_of(of_user(test, id));
      const auto one = evaluate(model, past, held_out, options);
      const auto two = evaluate(other, past, held_out, options);
      if (!one) continue;
      const double difference = one->model[0].ranking.*field - two->model[0].ranking.*field;
      sum += difference;
      ++users;
      better += difference > 0 ? 1 : 0;
      worse += difference < 0 ? 1 : 0;
    }
    const Difference& difference =
        report.differences[0].differences.*kRankingFields<Difference>[measure];
    REQUIRE(users == report.model.users);
    CHECK(difference.mean == Approx(sum / static_cast<double>(users)).margin(1e-12));
    CHECK(difference.better == better);
    CHECK(difference.worse == worse);
    CHECK(difference.equal == users - better - worse);
    CHECK_FALSE(difference.interval.has_value());
  }
  CHECK(report.differences[0].differences.recall.better > 0);
  CHECK(report.differences[0].differences.recall.worse > 0);
}

TEST_CASE("The means of both models and of their difference fit, and turn with the order") {
  const auto [bytes, model] = open_model(fold_in_contents(kItems, 4));
  const auto [other_bytes, other] = open_model(popularity_contents(kItems));
  const Pairs history = drawn_pairs(5, 150);
  const Pairs test = drawn_pairs(6, 100);
  const auto forth = compared(model, other, history, test, {.ks = {5}});
  const auto back = compared(other, model, history, test, {.ks = {5}});
  const Difference& difference = forth.differences[0].differences.ndcg;
  CHECK(difference.mean ==
        Approx(forth.model.model[0].ranking.ndcg - forth.other.model[0].ranking.ndcg));
  CHECK(forth.other.model[0].ranking.ndcg == forth.model.popularity[0].ranking.ndcg);
  CHECK(difference.interval->low <= difference.mean);
  CHECK(difference.interval->high >= difference.mean);
  const Difference& turned = back.differences[0].differences.ndcg;
  CHECK(turned.mean == -difference.mean);
  CHECK(turned.interval->low == -difference.interval->high);
  CHECK(turned.better == difference.worse);
}

TEST_CASE("Models of different catalogues are compared on all held-out items") {
  const auto [bytes, model] = open_model(popularity_contents(6));
  const auto [other_bytes, other] = open_model(popularity_contents(2));
  // The other does not know i2, which ann has seen, nor i3, which she chose.
  const auto report = compared(model, other, {{"ann", "i2"}}, {{"ann", "i3"}, {"ann", "i0"}},
                               {.ks = {3}, .resamples = 0});
  CHECK(report.model.unknown == 0);
  CHECK(report.other.unknown == 1);
  CHECK(report.other.held_out == 2);
  CHECK(report.differences[0].differences.recall.mean == Approx(0.5));
  CHECK(report.differences[0].differences.recall.better == 1);
}

}  // namespace evaluate_compare_test
}  // namespace palate
