// Formulas of quality against values worked out by hand.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "evaluate/metrics.h"

namespace palate::internal {
namespace evaluate_metrics_test {

using Catch::Approx;
using Ranks = std::vector<std::uint32_t>;
using Labels = std::vector<std::uint8_t>;
using Scores = std::vector<float>;

TEST_CASE("Ranking metrics of two hits among four held-out items") {
  // Gain 1 / log2(2) + 1 / log2(4) = 1.5; ideal 1 + 0.63093 + 0.5 + 0.43068.
  const RankingMetrics at_five = ranking_metrics(Ranks{1, 3}, 4, 5);
  CHECK(at_five.recall == Approx(0.5));
  CHECK(at_five.precision == Approx(0.4));
  CHECK(at_five.hit_rate == 1.0);
  CHECK(at_five.ndcg == Approx(1.5 / 2.5616063116448506));
  CHECK(at_five.mrr == 1.0);
  CHECK(at_five.map == Approx((1.0 + 2.0 / 3.0) / 4.0));
}

TEST_CASE("Hits beyond the cut-off do not count") {
  const RankingMetrics at_two = ranking_metrics(Ranks{1, 3}, 4, 2);
  CHECK(at_two.recall == Approx(0.25));
  CHECK(at_two.precision == Approx(0.5));
  CHECK(at_two.ndcg == Approx(1.0 / (1.0 + 0.6309297535714574)));
  CHECK(at_two.map == Approx(0.5));
  const RankingMetrics missed = ranking_metrics(Ranks{7}, 1, 6);
  CHECK(missed.hit_rate == 0.0);
  CHECK(missed.mrr == 0.0);
  CHECK(missed.ndcg == 0.0);
}

TEST_CASE("A single hit at rank seven has the reciprocal rank 1/7 and the gain 1/log2(8)") {
  const RankingMetrics metrics = ranking_metrics(Ranks{7}, 1, 10);
  CHECK(metrics.recall == 1.0);
  CHECK(metrics.precision == Approx(0.1));
  CHECK(metrics.mrr == Approx(1.0 / 7.0));
  CHECK(metrics.map == Approx(1.0 / 7.0));
  CHECK(metrics.ndcg == Approx(1.0 / 3.0));
}

TEST_CASE("A list that begins with all held-out items is ideal") {
  const RankingMetrics metrics = ranking_metrics(Ranks{1, 2, 3}, 3, 3);
  CHECK(metrics.recall == 1.0);
  CHECK(metrics.precision == 1.0);
  CHECK(metrics.ndcg == Approx(1.0));
  CHECK(metrics.map == Approx(1.0));
}

TEST_CASE("The area under the curve is the share of pairs in the right order") {
  CHECK(area_under_curve(Scores{0.1F, 0.4F, 0.35F, 0.8F}, Labels{0, 0, 1, 1}) == Approx(0.75));
  CHECK(area_under_curve(Scores{1, 2}, Labels{0, 1}) == 1.0);
  CHECK(area_under_curve(Scores{1, 2}, Labels{1, 0}) == 0.0);
}

TEST_CASE("The area under the curve counts a tie one half") {
  CHECK(area_under_curve(Scores{1, 1, 2, 1}, Labels{0, 1, 1, 0}) == Approx(0.75));
  CHECK(area_under_curve(Scores{3, 3, 3}, Labels{0, 1, 0}) == Approx(0.5));
}

TEST_CASE("The area under the curve agrees with counting every pair") {
  Scores scores;
  Labels positive;
  for (std::uint32_t row = 0; row < 200; ++row) {
    scores.push_back(static_cast<float>(row * 37 % 23));
    positive.push_back(row * 13 % 7 < 3 ? 1 : 0);
  }
  double right = 0;
  double pairs = 0;
  for (std::size_t a = 0; a < scores.size(); ++a) {
    for (std::size_t b = 0; b < scores.size(); ++b) {
      if (positive[a] == 0 || positive[b] == 1) continue;
      pairs += 1;
      right += scores[a] > scores[b] ? 1.0 : scores[a] == scores[b] ? 0.5 : 0.0;
    }
  }
  CHECK(area_under_curve(scores, positive) == Approx(right / pairs).epsilon(1e-12));
}

TEST_CASE("Log loss is -log of the probability given to what happened") {
  CHECK(log_loss(Scores{0}, Labels{1}) == Approx(std::log(2.0)));
  CHECK(log_loss(Scores{std::log(3.0F)}, Labels{1}) == Approx(-std::log(0.75)));
  CHECK(log_loss(Scores{std::log(3.0F)}, Labels{0}) == Approx(-std::log(0.25)));
}

TEST_CASE("Log loss stays finite for logits of any size") {
  CHECK(log_loss(Scores{1000}, Labels{0}) == Approx(1000.0));
  CHECK(log_loss(Scores{1000, -1000}, Labels{1, 0}) == 0.0);
}

TEST_CASE("Classification metrics of two true and one false positive") {
  const ClassificationMetrics metrics =
      classification_metrics(Scores{2, -1, 3, -2, 0.5F}, Labels{1, 1, 0, 0, 1});
  CHECK(metrics.positives == 3);
  CHECK(metrics.negatives == 2);
  CHECK(metrics.accuracy == Approx(0.6));
  CHECK(metrics.precision == Approx(2.0 / 3.0));
  CHECK(metrics.recall == Approx(2.0 / 3.0));
  CHECK(metrics.f1 == Approx(2.0 / 3.0));
  CHECK(metrics.auc == Approx(0.5));
}

TEST_CASE("A classifier that never says yes has precision, recall and F1 of 0") {
  const ClassificationMetrics metrics = classification_metrics(Scores{-1, -2, 0}, Labels{1, 0, 0});
  CHECK(metrics.accuracy == Approx(2.0 / 3.0));
  CHECK(metrics.precision == 0.0);
  CHECK(metrics.recall == 0.0);
  CHECK(metrics.f1 == 0.0);
}

TEST_CASE("Value metrics are the mean absolute and the mean squared error") {
  const ValueMetrics metrics = value_metrics(Scores{3, 4, 1}, Scores{4, 2, 1});
  CHECK(metrics.count == 3);
  CHECK(metrics.mae == Approx(1.0));
  CHECK(metrics.mse == Approx(5.0 / 3.0));
  CHECK(metrics.rmse == Approx(std::sqrt(5.0 / 3.0)));
}

}  // namespace evaluate_metrics_test
}  // namespace palate::internal
