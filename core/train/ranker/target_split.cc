// What the ranker learns to find, held out of what retrieval is trained on.
#include "train/ranker/target_split.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "palate/random.h"

namespace palate::internal {

TargetSplit hold_out_targets(const SparseRows& users, double share, std::uint64_t seed) {
  TargetSplit split;
  for (std::size_t user = 0; user < users.size(); ++user) {
    const std::size_t first = users.offsets[user];
    const std::size_t count = users.count(user);
    const auto wanted = static_cast<std::size_t>(std::lround(static_cast<double>(count) * share));
    const std::size_t held = count < 2 ? 0 : std::clamp<std::size_t>(wanted, 1, count - 1);
    std::vector<std::uint8_t> is_target(count, 0);
    std::fill_n(is_target.begin(), held, std::uint8_t{1});
    Random(seed, user).shuffle(std::span(is_target));
    for (std::size_t k = 0; k < count; ++k) {
      SparseRows& rows = is_target[k] != 0 ? split.targets : split.known;
      rows.columns.push_back(users.columns[first + k]);
      rows.weights.push_back(users.weights[first + k]);
    }
    split.known.offsets.push_back(split.known.columns.size());
    split.targets.offsets.push_back(split.targets.columns.size());
  }
  return split;
}

}  // namespace palate::internal
