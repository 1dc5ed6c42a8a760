// Ranking by popularity: what is known before anything is known of the visitor.
#ifndef PALATE_RUNTIME_POPULARITY_H_
#define PALATE_RUNTIME_POPULARITY_H_

#include <cstddef>
#include <span>

#include "palate/model.h"
#include "palate/types.h"
#include "runtime/row_mask.h"

namespace palate::internal {

/// The score of an item is its share of all interactions. Borrows the model.
class Popularity {
 public:
  explicit Popularity(const Model& model);

  float score(ItemIndex item) const;

  /// Writes the most popular items but the `excluded` rows; returns how many.
  std::size_t best(RowMask excluded, std::span<Pick> picks) const;

 private:
  const Model* model_;
  double interactions_ = 0;  // of the whole catalogue
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_POPULARITY_H_
