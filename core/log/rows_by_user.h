// The rows of a log, gathered by user.
#ifndef PALATE_LOG_ROWS_BY_USER_H_
#define PALATE_LOG_ROWS_BY_USER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/interactions.h"

namespace palate::internal {

/// Row numbers of a log: those of user 0, then those of user 1, ...
struct RowsByUser {
  std::vector<std::size_t> offsets;  ///< users + 1
  std::vector<std::uint32_t> rows;

  std::size_t user_count() const { return offsets.size() - 1; }
  std::span<std::uint32_t> of(std::size_t user) {
    return std::span(rows).subspan(offsets[user], offsets[user + 1] - offsets[user]);
  }
  std::span<const std::uint32_t> of(std::size_t user) const {
    return std::span(rows).subspan(offsets[user], offsets[user + 1] - offsets[user]);
  }
};

/// Each user's rows oldest first; ties, and a log without times, in file order.
RowsByUser oldest_first(const InteractionLog& log);

}  // namespace palate::internal

#endif  // PALATE_LOG_ROWS_BY_USER_H_
