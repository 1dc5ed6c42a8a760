// What two-tower learns from: a user with a part of the interactions taken out.
#ifndef PALATE_TRAIN_TWO_TOWER_VISITS_H_
#define PALATE_TRAIN_TWO_TOWER_VISITS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "palate/random.h"
#include "train/item_sequences.h"

namespace palate::internal {

/// Items [begin, end) of the sequences are the targets. The history is what else the user has:
/// [history_begin, begin) and, where the log has no times, [end, history_end).
struct TowerVisit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t history_begin = 0;
  std::size_t history_end = 0;

  std::size_t targets() const { return end - begin; }
  std::size_t history() const { return (begin - history_begin) + (history_end - end); }
};

/// Copies the history of a visit: items and weights, in order.
void copy_history(const ItemSequences& sequences, const TowerVisit& visit, std::uint32_t* items,
                  float* weights);

/// Parts the users' interactions into targets and histories, anew in every epoch.
class VisitPlan {
 public:
  /// Plans for the users of `users` that have two items or more. `targets`: of a visit, at most.
  VisitPlan(const ItemSequences& sequences, std::vector<std::uint32_t> users, bool ordered,
            std::uint32_t targets);

  /// The visits of one epoch in random order. What they index is `sequences()`. An item is a target
  /// in one visit of its user; with order, all but a user's first item or first few are.
  std::vector<TowerVisit> draw(Random random);

  /// The users' items, without order shuffled by the last `draw`.
  const ItemSequences& sequences() const { return shuffled_; }

 private:
  void plan_unordered(std::uint32_t user, Random& random, std::vector<TowerVisit>& visits);
  void plan_ordered(std::uint32_t user, Random& random, std::vector<TowerVisit>& visits) const;

  const ItemSequences& sequences_;
  ItemSequences shuffled_;
  std::vector<std::uint32_t> users_;
  bool ordered_;
  std::size_t targets_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_TWO_TOWER_VISITS_H_
