// Drawing numbers in proportion to weights.
#include "data/alias_table.h"

#include <cassert>
#include <cstddef>
#include <numeric>

namespace palate::internal {

AliasTable::AliasTable(std::span<const double> weights) : slots_(weights.size()) {
  assert(!weights.empty());
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> share(weights.size());  // of a slot: 1 is a full one
  std::vector<std::uint32_t> small;
  std::vector<std::uint32_t> large;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    share[i] = weights[i] / sum * static_cast<double>(weights.size());
    (share[i] < 1 ? small : large).push_back(static_cast<std::uint32_t>(i));
  }
  while (!small.empty() && !large.empty()) {
    const std::uint32_t under = small.back();
    const std::uint32_t over = large.back();
    small.pop_back();
    slots_[under] = {share[under], over};
    share[over] -= 1 - share[under];
    if (share[over] < 1) {
      large.pop_back();
      small.push_back(over);
    }
  }
}

}  // namespace palate::internal
