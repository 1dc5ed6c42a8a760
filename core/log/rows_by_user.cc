// The rows of a log, gathered by user.
#include "log/rows_by_user.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace palate::internal {
namespace {

RowsByUser in_file_order(const InteractionLog& log) {
  assert(log.size() <= std::numeric_limits<std::uint32_t>::max());
  RowsByUser result;
  result.offsets.assign(log.users.size() + 1, 0);
  for (const std::uint32_t user : log.user) ++result.offsets[user + 1];
  for (std::size_t user = 0; user < log.users.size(); ++user) {
    result.offsets[user + 1] += result.offsets[user];
  }
  std::vector<std::size_t> next(result.offsets.begin(), result.offsets.end() - 1);
  result.rows.resize(log.size());
  for (std::size_t row = 0; row < log.size(); ++row) {
    result.rows[next[log.user[row]]++] = static_cast<std::uint32_t>(row);
  }
  return result;
}

}  // namespace

RowsByUser oldest_first(const InteractionLog& log) {
  RowsByUser result = in_file_order(log);
  if (log.time_ms.empty()) return result;
  const auto older = [&](std::uint32_t left, std::uint32_t right) {
    return log.time_ms[left] != log.time_ms[right] ? log.time_ms[left] < log.time_ms[right]
                                                   : left < right;
  };
  for (std::size_t user = 0; user < result.user_count(); ++user) {
    std::ranges::sort(result.of(user), older);
  }
  return result;
}

}  // namespace palate::internal
