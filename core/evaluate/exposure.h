// How often each item is shown: what coverage and the Gini index are taken from.
#ifndef PALATE_EVALUATE_EXPOSURE_H_
#define PALATE_EVALUATE_EXPOSURE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/types.h"

namespace palate::internal {

/// In how many lists each item stands, at each cut-off.
class Exposure {
 public:
  Exposure(std::size_t items, std::vector<std::uint32_t> ks);

  /// Adds one list, best first.
  void note(std::span<const ItemIndex> list);
  void merge(const Exposure& other);

  /// `at` says which cut-off.
  double coverage(std::size_t at) const;
  double gini(std::size_t at) const;

 private:
  std::vector<std::uint32_t> ks_;
  std::vector<std::vector<std::uint64_t>> counts_;  ///< one an item, one row a cut-off
};

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_EXPOSURE_H_
