// How well a ranker orders the candidates of validation users.
#include "train/ranker/ranking_score.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "model/portable_math.h"

namespace palate::internal {
namespace {

/// The measures of one user's candidates, given in the order of their scores.
RankerScore score_of(std::span<const Example> order) {
  constexpr std::size_t kCut = 10;
  RankerScore score;
  double ideal = 0;
  double targets = 0;
  double others_above = 0;
  for (std::size_t place = 0; place < order.size(); ++place) {
    if (order[place].label == 0) continue;
    const auto gain = [](double at) { return 1 / portable_log(at + 2); };
    if (place < kCut) score.ndcg += gain(static_cast<double>(place));
    if (targets < kCut) ideal += gain(targets);
    others_above += static_cast<double>(place) - targets;
    ++targets;
  }
  const double others = static_cast<double>(order.size()) - targets;
  score.ndcg /= ideal;
  score.auc = others > 0 ? 1 - others_above / (targets * others) : 1;
  return score;
}

}  // namespace

RankerScore ranking_score(const VisitSet& set, std::span<const float> scores) {
  RankerScore sum;
  for (const Visit& visit : set.visits) {
    std::vector<std::size_t> places(visit.size());
    std::iota(places.begin(), places.end(), visit.begin);
    std::stable_sort(places.begin(), places.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    std::vector<Example> order;
    order.reserve(places.size());
    for (const std::size_t place : places) order.push_back(set.examples[place]);
    const RankerScore score = score_of(order);
    sum.ndcg += score.ndcg;
    sum.auc += score.auc;
  }
  const auto visits = static_cast<double>(std::max<std::size_t>(set.visits.size(), 1));
  return {sum.ndcg / visits, sum.auc / visits};
}

}  // namespace palate::internal
