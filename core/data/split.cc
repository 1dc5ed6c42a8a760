// Who is held out, and how: leave-last-out, user-split, time-split.
#include <algorithm>
#include <cmath>

#include "log/rows_by_user.h"
#include "palate/dataset.h"
#include "palate/random.h"

namespace palate {
namespace {

/// Where a row goes. A row that both trains and is history is `kTrainAndHistory`.
enum class Part : std::uint8_t { kTrain, kHistory, kTrainAndHistory, kTest };

/// The rows for which `wanted` holds, over the same ids.
template <class Wanted>
InteractionLog part_of(const InteractionLog& log, std::span<const Part> parts, Wanted wanted) {
  InteractionLog result = log.without_rows();
  result.users = log.users;
  result.items = log.items;
  for (std::size_t row = 0; row < log.size(); ++row) {
    if (!wanted(parts[row])) continue;
    result.append(log, row, log.user[row], log.item[row]);
  }
  return result;
}

std::vector<Part> leave_last_out(const InteractionLog& log) {
  const internal::RowsByUser by_user = internal::oldest_first(log);
  std::vector<Part> parts(log.size(), Part::kTrain);
  for (std::size_t user = 0; user < by_user.user_count(); ++user) {
    const std::span<const std::uint32_t> rows = by_user.of(user);
    if (rows.size() < 2) continue;
    for (const std::uint32_t row : rows) parts[row] = Part::kTrainAndHistory;
    parts[rows.back()] = Part::kTest;
  }
  return parts;
}

/// `count * share`, at least 1 and at most `count - 1`.
std::size_t share_of(std::size_t count, double share) {
  const auto rounded = static_cast<std::size_t>(std::llround(static_cast<double>(count) * share));
  return std::clamp<std::size_t>(rounded, 1, count - 1);
}

std::vector<Part> user_split(const InteractionLog& log, const SplitOptions& options) {
  const internal::RowsByUser by_user = internal::oldest_first(log);
  std::vector<std::size_t> users;
  for (std::size_t user = 0; user < by_user.user_count(); ++user) {
    if (by_user.of(user).size() >= 2) users.push_back(user);
  }
  std::vector<Part> parts(log.size(), Part::kTrain);
  if (users.size() < 2) return parts;
  Random random(options.seed);
  random.shuffle(std::span(users));
  users.resize(share_of(users.size(), options.share));
  for (const std::size_t user : users) {
    const std::span<const std::uint32_t> rows = by_user.of(user);
    const std::size_t kept = rows.size() - share_of(rows.size(), options.held_share);
    for (const std::uint32_t row : rows.first(kept)) parts[row] = Part::kHistory;
    for (const std::uint32_t row : rows.subspan(kept)) parts[row] = Part::kTest;
  }
  return parts;
}

std::vector<Part> time_split(const InteractionLog& log, double share) {
  std::vector<Part> parts(log.size(), Part::kTrain);
  if (log.size() < 2) return parts;
  std::vector<std::int64_t> times = log.time_ms;
  const auto cut = times.end() - static_cast<std::ptrdiff_t>(share_of(times.size(), share));
  std::ranges::nth_element(times, cut);
  const std::int64_t first_held = *cut;
  std::vector<char> tested(log.users.size(), false);
  for (std::size_t row = 0; row < log.size(); ++row) {
    if (log.time_ms[row] < first_held) continue;
    parts[row] = Part::kTest;
    tested[log.user[row]] = true;
  }
  for (std::size_t row = 0; row < log.size(); ++row) {
    if (parts[row] == Part::kTrain && tested[log.user[row]]) parts[row] = Part::kTrainAndHistory;
  }
  return parts;
}

Status check_options(const InteractionLog& log, const SplitOptions& options) {
  const auto is_share = [](double share) { return share > 0 && share < 1; };
  if (!is_share(options.share) || !is_share(options.held_share)) {
    return Error{ErrorCode::kRequestInvalid, "a share to hold out must lie between 0 and 1"};
  }
  if (options.protocol == Protocol::kTimeSplit && log.time_ms.empty()) {
    return Error{ErrorCode::kRequestInvalid,
                 "the time-split protocol needs timestamps, and the interactions have none; name "
                 "their column (--columns timestamp=COLUMN) or choose another protocol"};
  }
  return Done{};
}

}  // namespace

Result<Split> split(const InteractionLog& log, const SplitOptions& options) {
  if (Status checked = check_options(log, options); !checked) return checked.error();
  const std::vector<Part> parts = options.protocol == Protocol::kLeaveLastOut ? leave_last_out(log)
                                  : options.protocol == Protocol::kUserSplit
                                      ? user_split(log, options)
                                      : time_split(log, options.share);
  Split result;
  result.train = part_of(
      log, parts, [](Part part) { return part == Part::kTrain || part == Part::kTrainAndHistory; });
  result.history = part_of(log, parts, [](Part part) {
    return part == Part::kHistory || part == Part::kTrainAndHistory;
  });
  result.test = part_of(log, parts, [](Part part) { return part == Part::kTest; });
  if (result.test.size() == 0) {
    return Error{ErrorCode::kDataEmpty,
                 "nothing can be held out: too few users have two "
                 "interactions or more"};
  }
  if (result.train.size() == 0) {
    return Error{ErrorCode::kDataEmpty, "holding out leaves nothing to train on"};
  }
  return result;
}

}  // namespace palate
