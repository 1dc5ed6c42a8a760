// What was learned of one visitor, as the recommender sees it.
#ifndef PALATE_RUNTIME_LEARNED_H_
#define PALATE_RUNTIME_LEARNED_H_

#include <cstddef>
#include <span>

#include "palate/result.h"
#include "palate/types.h"
#include "runtime/row_mask.h"

namespace palate::internal {

/// An interface, so that a page loads the code behind it when there is something to learn.
class Learned {
 public:
  Learned() = default;
  Learned(const Learned&) = delete;
  Learned& operator=(const Learned&) = delete;
  virtual ~Learned() = default;

  /// Learns from a choice of the first of `shown` by the visitor whose history was set.
  virtual Status learn(std::span<const ItemIndex> shown) = 0;

  /// To be called when a history was set, and when its user vector was made anew.
  virtual Status take_history() = 0;

  /// To be called before the ranker is asked.
  virtual Status take_layers() = 0;

  /// Adds to scores of the ranker or, without one, of retrieval what these do not hold.
  virtual void add_to(std::span<const ItemIndex> items, std::span<float> scores) = 0;

  /// What of the item's score no item of the history has brought; but through the ranker's layers.
  virtual float base(ItemIndex item) = 0;

  /// The best items but the `excluded` rows where there is no ranker; returns how many.
  virtual Result<std::size_t> best(RowMask excluded, std::span<Pick> picks) = 0;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_LEARNED_H_
