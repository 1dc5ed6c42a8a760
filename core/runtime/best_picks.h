// The best of many picks, kept while they come by.
#ifndef PALATE_RUNTIME_BEST_PICKS_H_
#define PALATE_RUNTIME_BEST_PICKS_H_

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <limits>
#include <span>

#include "palate/types.h"

namespace palate::internal {

/// The order of every list: the higher score first, ties to the lower row.
inline bool ranks_before(const Pick& a, const Pick& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

/// Writes the best of `all`, which loses its order, into `picks`, best first; returns how many.
std::size_t copy_best(std::span<Pick> all, std::span<Pick> picks);

/// Gathers picks in the caller's room; when that is full, a cut drops all but the best. So a pick
/// costs the same few steps however long the list is, where in a heap it would sink to its depth.
class BestPicks {
 public:
  /// How many picks the room is to hold for the best `count` of `most` at most: enough for what
  /// comes between two cuts, and where bounds stand for scores for what they cannot tell apart.
  static std::size_t room(std::size_t count, std::size_t most) {
    return std::min(3 * count + kSpare, most);
  }

  /// Free at the least after a cut of scores, unless there is room for all that may come.
  static constexpr std::size_t kSpare = 384;

  BestPicks(std::span<Pick> room, std::size_t count) : room_(room), count_(count) {}

  void add(Pick pick) {
    put(pick);
    if (space().empty()) cut();
  }

  /// The same where there is space left.
  void put(Pick pick) {
    assert(size_ < room_.size());
    room_[size_++] = pick;
  }
  std::span<Pick> space() const { return room_.subspan(size_); }

  /// Of the scores from here down none is wanted any more, but that of a lower row equals it.
  float threshold() const { return threshold_; }

  /// Drops all but the best.
  void cut();

  // The same in steps, for scores that may be too high.
  bool has_too_many() const { return size_ > count_; }  ///< else the others must not be called
  /// Moves the best to the front and gives them.
  std::span<const Pick> lead();
  /// Keeps them and, of the others, those above what is the threshold from now on.
  void drop(float threshold);

  /// What it holds, in no order.
  std::span<Pick> all() { return room_.first(size_); }

  /// Puts the best to the front of the room, best first; returns how many there are.
  std::size_t finish() { return copy_best(all(), room_.first(std::min(size_, count_))); }

 private:
  std::span<Pick> room_;
  std::size_t count_;
  std::size_t size_ = 0;
  float threshold_ = -std::numeric_limits<float>::infinity();
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_BEST_PICKS_H_
