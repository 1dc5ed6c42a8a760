// The regression of one item on the items that are touched by the same users.
#ifndef PALATE_TRAIN_ITEM_ITEM_NEIGHBOURHOOD_H_
#define PALATE_TRAIN_ITEM_ITEM_NEIGHBOURHOOD_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "train/item_item/item_item.h"

namespace palate::internal {

/// One thread's memory for such regressions, one item after the other. What it takes depends on
/// what the items and users of one regression have, not on the catalogue squared.
class Neighbourhood {
 public:
  explicit Neighbourhood(const ItemRegression& regression);

  /// The weights of the support of `item`, in order of its rows. Empty where the matrix is not
  /// positive definite.
  WeightRow solve(std::size_t item);

 private:
  /// One user's touch of a member of the support.
  struct Touch {
    std::uint32_t member = 0;
    float weight = 0;
  };

  void sum_row(std::size_t item);
  void choose_support(std::size_t item);
  void find_touches();
  void sum_gramian();

  const ItemRegression& regression_;
  std::vector<double> together_;           // the item's row of G
  std::vector<std::uint32_t> candidates_;  // where it is not 0
  std::vector<std::uint32_t> support_;     // ascending
  std::vector<std::uint32_t> counts_;      // of each user's touches; 0 between regressions
  std::vector<std::uint32_t> ends_;        // of each user's touches, which stand together
  std::vector<std::uint32_t> users_;       // those with a touch
  std::vector<Touch> touches_;
  std::vector<double> gramian_;
  std::vector<double> weights_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_ITEM_ITEM_NEIGHBOURHOOD_H_
