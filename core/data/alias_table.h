// Drawing numbers in proportion to weights.
#ifndef PALATE_DATA_ALIAS_TABLE_H_
#define PALATE_DATA_ALIAS_TABLE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "palate/random.h"

namespace palate::internal {

/// Draws numbers in proportion to weights in constant time (Walker's alias method, as Vose 1991
/// builds it).
class AliasTable {
 public:
  /// `weights` are positive and finite.
  explicit AliasTable(std::span<const double> weights);

  std::uint32_t draw(Random& random) const {
    const auto slot = static_cast<std::uint32_t>(random.below(slots_.size()));
    return random.uniform() < slots_[slot].threshold ? slot : slots_[slot].alias;
  }

 private:
  struct Slot {
    double threshold = 1;
    std::uint32_t alias = 0;
  };
  std::vector<Slot> slots_;
};

}  // namespace palate::internal

#endif  // PALATE_DATA_ALIAS_TABLE_H_
