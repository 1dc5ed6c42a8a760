// Users set apart, who only tell when to stop.
#ifndef PALATE_TRAIN_USER_SPLIT_H_
#define PALATE_TRAIN_USER_SPLIT_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "palate/random.h"

namespace palate::internal {

struct UserSplit {
  std::vector<std::uint32_t> validation;
  std::vector<std::uint32_t> training;
};

/// Draws a share of the users 0 to `count` - 1, at most `most` of them, for validation. Both parts
/// are in random order.
UserSplit split_users(std::size_t count, double share, Random random,
                      std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace palate::internal

#endif  // PALATE_TRAIN_USER_SPLIT_H_
