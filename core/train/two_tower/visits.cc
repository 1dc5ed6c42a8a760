// What two-tower learns from: a user with a part of the interactions taken out.
#include "train/two_tower/visits.h"

#include <algorithm>
#include <utility>

namespace palate::internal {

void copy_history(const ItemSequences& sequences, const TowerVisit& visit, std::uint32_t* items,
                  float* weights) {
  const std::size_t before = visit.begin - visit.history_begin;
  const std::size_t after = visit.history_end - visit.end;
  std::copy_n(&sequences.items[visit.history_begin], before, items);
  std::copy_n(sequences.items.data() + visit.end, after, items + before);
  std::copy_n(&sequences.weights[visit.history_begin], before, weights);
  std::copy_n(sequences.weights.data() + visit.end, after, weights + before);
}

VisitPlan::VisitPlan(const ItemSequences& sequences, std::vector<std::uint32_t> users, bool ordered,
                     std::uint32_t targets)
    : sequences_(sequences),
      shuffled_(sequences),
      users_(std::move(users)),
      ordered_(ordered),
      targets_(targets) {}

std::vector<TowerVisit> VisitPlan::draw(Random random) {
  std::vector<TowerVisit> visits;
  for (const std::uint32_t user : users_) {
    if (sequences_.count(user) < 2) continue;
    if (ordered_) {
      plan_ordered(user, random, visits);
    } else {
      plan_unordered(user, random, visits);
    }
  }
  random.shuffle(std::span(visits));
  return visits;
}

void VisitPlan::plan_unordered(std::uint32_t user, Random& random,
                               std::vector<TowerVisit>& visits) {
  const std::size_t first = sequences_.offsets[user];
  const std::size_t count = sequences_.count(user);
  std::vector<std::size_t> order(count);
  for (std::size_t k = 0; k < count; ++k) order[k] = first + k;
  random.shuffle(std::span(order));
  for (std::size_t k = 0; k < count; ++k) {
    shuffled_.items[first + k] = sequences_.items[order[k]];
    shuffled_.weights[first + k] = sequences_.weights[order[k]];
  }
  const std::size_t step = std::min(targets_, count / 2);
  for (std::size_t begin = 0; begin < count; begin += step) {
    const std::size_t end = std::min(begin + step, count);
    visits.push_back({first + begin, first + end, first, first + count});
  }
}

void VisitPlan::plan_ordered(std::uint32_t user, Random& random,
                             std::vector<TowerVisit>& visits) const {
  const std::size_t first = sequences_.offsets[user];
  const std::size_t last = sequences_.offsets[user + 1];
  const std::size_t step = std::min(targets_, (last - first) / 2);
  // Where the parts begin differs from epoch to epoch, so that they are cut everywhere.
  for (std::size_t begin = first + 1 + random.below(step); begin < last; begin += step) {
    const std::size_t end = std::min(begin + step, last);
    visits.push_back({begin, end, first, end});
  }
}

}  // namespace palate::internal
