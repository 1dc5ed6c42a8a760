// Parts of a log of examples: rows that train, rows that are held out.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "log/attribute_cells.h"
#include "palate/examples.h"
#include "palate/random.h"

namespace palate {
namespace {

/// `count * share`, at least 1 and at most `count - 1`.
std::size_t share_of(std::size_t count, double share) {
  const auto rounded = static_cast<std::size_t>(std::llround(static_cast<double>(count) * share));
  return std::clamp<std::size_t>(rounded, 1, count - 1);
}

/// Marks a share of `count` things at random.
std::vector<char> drawn(std::size_t count, const ExampleSplitOptions& options) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  Random(options.seed).shuffle(std::span(order));
  std::vector<char> held(count, 0);
  for (std::size_t k = 0; k < share_of(count, options.share); ++k) held[order[k]] = 1;
  return held;
}

std::vector<char> newest(const ExampleLog& log, double share) {
  std::vector<std::int64_t> times = log.time_ms;
  const auto cut = times.end() - static_cast<std::ptrdiff_t>(share_of(times.size(), share));
  std::ranges::nth_element(times, cut);
  std::vector<char> held(log.rows);
  for (std::size_t row = 0; row < log.rows; ++row) held[row] = log.time_ms[row] >= *cut ? 1 : 0;
  return held;
}

Error nothing(const char* what) {
  return {ErrorCode::kDataEmpty, std::string("nothing can be held out: ") + what};
}

}  // namespace

ExampleLog rows_of(const ExampleLog& log, std::span<const std::uint32_t> rows) {
  ExampleLog result;
  result.rows = rows.size();
  result.label_name = log.label_name;
  result.users = log.users;
  for (const std::uint32_t row : rows) {
    if (!log.labels.empty()) result.labels.push_back(log.labels[row]);
    if (!log.time_ms.empty()) result.time_ms.push_back(log.time_ms[row]);
    if (!log.user.empty()) result.user.push_back(log.user[row]);
  }
  for (const Attribute& column : log.columns) {
    result.columns.push_back(internal::cells_of(column, rows));
  }
  return result;
}

Result<ExampleSplit> split(const ExampleLog& log, const ExampleSplitOptions& options) {
  if (!(options.share > 0 && options.share < 1)) {
    return Error{ErrorCode::kRequestInvalid, "a share to hold out must lie between 0 and 1"};
  }
  if (log.rows < 2) return nothing("there are fewer than two rows");
  std::vector<char> held;
  switch (options.protocol) {
    case ExampleProtocol::kRowSplit:
      held = drawn(log.rows, options);
      break;
    case ExampleProtocol::kUserSplit: {
      if (log.users < 2) {
        return Error{ErrorCode::kRequestInvalid,
                     "the user-split protocol needs users, and the log does not tell them apart; "
                     "name their column (--columns user=COLUMN) or choose another protocol"};
      }
      const std::vector<char> held_users = drawn(log.users, options);
      for (const std::uint32_t user : log.user) held.push_back(held_users[user]);
      break;
    }
    case ExampleProtocol::kTimeSplit:
      if (log.time_ms.empty()) {
        return Error{ErrorCode::kRequestInvalid,
                     "the time-split protocol needs timestamps, and the log has none; name their "
                     "column (--columns timestamp=COLUMN) or choose another protocol"};
      }
      held = newest(log, options.share);
      break;
  }
  ExampleSplit parts;
  for (std::uint32_t row = 0; row < log.rows; ++row) {
    (held[row] != 0 ? parts.test : parts.train).push_back(row);
  }
  if (parts.train.empty()) return nothing("all rows are equally new");
  return parts;
}

}  // namespace palate
