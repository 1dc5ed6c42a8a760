// What scores items for a visitor and finds the best; one class for each way.
#ifndef PALATE_RUNTIME_RETRIEVAL_H_
#define PALATE_RUNTIME_RETRIEVAL_H_

#include <cstddef>
#include <span>

#include "palate/result.h"
#include "palate/types.h"
#include "runtime/history.h"
#include "runtime/row_mask.h"

namespace palate::internal {

class Retrieval {
 public:
  Retrieval() = default;
  Retrieval(const Retrieval&) = delete;
  Retrieval& operator=(const Retrieval&) = delete;
  virtual ~Retrieval() = default;

  /// Shows it a merged history, which must stay as it is while anything below is asked.
  virtual Status set_history(const MergedHistory& history) = 0;

  /// The score of each item, in the order given; not checked for being finite.
  virtual void score(std::span<const ItemIndex> items, std::span<float> scores) const = 0;

  /// The same of one.
  float score_one(ItemIndex item) const {
    float of_it = 0;
    score({&item, 1}, {&of_it, 1});
    return of_it;
  }

  /// Writes the best items but the `excluded` rows, best first; returns how many.
  virtual Result<std::size_t> best(RowMask excluded, std::span<Pick> picks) = 0;

  /// The items nearest to `item` but the `excluded` rows; returns how many. Needs no history.
  virtual Result<std::size_t> similar(ItemIndex item, RowMask excluded, std::span<Pick> picks) = 0;

  /// What each item of the history adds to the score of `item`, beyond `base`.
  virtual Status contributions(ItemIndex item, std::span<float> amounts) = 0;

  /// What the contributions are added to.
  virtual Result<float> base(ItemIndex item) = 0;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_RETRIEVAL_H_
