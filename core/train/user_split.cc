// Users set apart, who only tell when to stop.
#include "train/user_split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace palate::internal {

UserSplit split_users(std::size_t count, double share, Random random, std::size_t most) {
  std::vector<std::uint32_t> users(count);
  std::iota(users.begin(), users.end(), 0U);
  random.shuffle(std::span(users));
  const auto wanted = static_cast<std::size_t>(std::lround(static_cast<double>(count) * share));
  const auto border = users.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, most));
  return {{users.begin(), border}, {border, users.end()}};
}

}  // namespace palate::internal
