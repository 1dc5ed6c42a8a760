// How well a ranker orders the candidates of validation users.
#include "train/ranker/ranking_score.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "data/portable_math.h"

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

RankerScore ranking_score(const ExampleGroup& group, std::span<const float> scores) {
  RankerScore sum;
  double visits = 0;
  for (const Visit& visit : group.visits) {
    std::vector<std::size_t> places(visit.end - visit.begin);
    std::iota(places.begin(), places.end(), visit.begin);
    std::stable_sort(places.begin(), places.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    std::vector<Example> order;
    order.reserve(places.size());
    for (const std::size_t place : places) order.push_back(group.examples[place]);
    if (std::none_of(order.begin(), order.end(), [](const Example& e) { return e.label > 0; })) {
      continue;
    }
    const RankerScore score = score_of(order);
    sum.ndcg += score.ndcg;
    sum.auc += score.auc;
    ++visits;
  }
  return visits == 0 ? RankerScore{} : RankerScore{sum.ndcg / visits, sum.auc / visits, 0};
}

}  // namespace palate::internal
