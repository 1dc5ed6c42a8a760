// Formulas of quality: numbers in, numbers out.
#include "evaluate/metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace palate::internal {
namespace {

double discount(std::uint64_t rank) { return 1.0 / std::log2(static_cast<double>(rank) + 1.0); }

/// The gain of a list that begins with every held-out item.
double ideal_gain(std::uint64_t hits) {
  double gain = 0;
  for (std::uint64_t rank = 1; rank <= hits; ++rank) gain += discount(rank);
  return gain;
}

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0.0; }

}  // namespace

RankingMetrics ranking_metrics(std::span<const std::uint32_t> hit_ranks, std::uint64_t held_out,
                               std::uint32_t k) {
  assert(held_out > 0 && k > 0);
  assert(std::is_sorted(hit_ranks.begin(), hit_ranks.end()));
  double hits = 0;
  double gain = 0;
  double precisions = 0;
  for (const std::uint32_t rank : hit_ranks) {
    if (rank > k) break;
    hits += 1;
    gain += discount(rank);
    precisions += hits / rank;
  }
  const std::uint64_t possible = std::min<std::uint64_t>(k, held_out);
  RankingMetrics metrics;
  metrics.recall = hits / static_cast<double>(held_out);
  metrics.precision = hits / k;
  metrics.hit_rate = hits > 0 ? 1 : 0;
  metrics.ndcg = gain / ideal_gain(possible);
  metrics.mrr = hits > 0 ? 1.0 / hit_ranks.front() : 0;
  metrics.map = precisions / static_cast<double>(possible);
  return metrics;
}

double area_under_curve(std::span<const float> scores, std::span<const std::uint8_t> positive) {
  assert(scores.size() == positive.size());
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  double positives = 0;
  double rank_sum = 0;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && scores[order[end]] == scores[order[begin]]) ++end;
    const double mid_rank = (static_cast<double>(begin + end) + 1) / 2;
    for (std::size_t at = begin; at < end; ++at) {
      if (positive[order[at]] == 0) continue;
      positives += 1;
      rank_sum += mid_rank;
    }
  }
  const double negatives = static_cast<double>(scores.size()) - positives;
  assert(positives > 0 && negatives > 0);
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

double log_loss(std::span<const float> logits, std::span<const std::uint8_t> positive) {
  assert(!logits.empty() && logits.size() == positive.size());
  double sum = 0;
  for (std::size_t row = 0; row < logits.size(); ++row) {
    // -log sigmoid(x) = log(1 + exp(-x)), written so that neither exp nor log leaves its range.
    const double x = positive[row] != 0 ? logits[row] : -logits[row];
    sum += std::max(-x, 0.0) + std::log1p(std::exp(-std::abs(x)));
  }
  return sum / static_cast<double>(logits.size());
}

ClassificationMetrics classification_metrics(std::span<const float> logits,
                                             std::span<const std::uint8_t> positive) {
  ClassificationMetrics metrics;
  double said_yes = 0;
  double rightly_yes = 0;
  double right = 0;
  for (std::size_t row = 0; row < logits.size(); ++row) {
    const bool yes = logits[row] > 0;
    const bool is_positive = positive[row] != 0;
    ++(is_positive ? metrics.positives : metrics.negatives);
    said_yes += yes ? 1 : 0;
    rightly_yes += yes && is_positive ? 1 : 0;
    right += yes == is_positive ? 1 : 0;
  }
  metrics.accuracy = right / static_cast<double>(logits.size());
  metrics.precision = ratio(rightly_yes, said_yes);
  metrics.recall = ratio(rightly_yes, static_cast<double>(metrics.positives));
  metrics.f1 = ratio(2 * metrics.precision * metrics.recall, metrics.precision + metrics.recall);
  metrics.auc = area_under_curve(logits, positive);
  metrics.log_loss = log_loss(logits, positive);
  return metrics;
}

ValueMetrics value_metrics(std::span<const float> predicted, std::span<const float> actual) {
  assert(!predicted.empty() && predicted.size() == actual.size());
  ValueMetrics metrics;
  metrics.count = predicted.size();
  for (std::size_t row = 0; row < predicted.size(); ++row) {
    const double error = static_cast<double>(predicted[row]) - actual[row];
    metrics.mae += std::abs(error);
    metrics.mse += error * error;
  }
  metrics.mae /= static_cast<double>(metrics.count);
  metrics.mse /= static_cast<double>(metrics.count);
  metrics.rmse = std::sqrt(metrics.mse);
  return metrics;
}

}  // namespace palate::internal
