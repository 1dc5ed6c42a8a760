// Cleaning a log: duplicates, small values, outliers, k-core.
#include <algorithm>
#include <cmath>
#include <limits>

#include "log/rows_by_user.h"
#include "palate/interactions.h"

namespace palate {
namespace {

constexpr std::uint32_t kUnnumbered = std::numeric_limits<std::uint32_t>::max();

/// Which rows of a log are still there.
class Cleaner {
 public:
  Cleaner(const InteractionLog& log, const CleanOptions& options, CleanReport& report)
      : log_(log), options_(options), report_(report), kept_(log.size(), true), left_(log.size()) {}

  std::uint64_t left() const { return left_; }
  void drop_duplicates();
  void drop_small_values();
  void drop_outliers();
  void drop_outside_core();
  InteractionLog compact() const;

 private:
  void drop(std::size_t row) {
    kept_[row] = false;
    --left_;
  }
  std::vector<std::uint32_t> count(const std::vector<std::uint32_t>& column,
                                   std::size_t size) const;

  const InteractionLog& log_;
  const CleanOptions& options_;
  CleanReport& report_;
  std::vector<char> kept_;
  std::uint64_t left_;
};

/// Rows left for each user or item.
std::vector<std::uint32_t> Cleaner::count(const std::vector<std::uint32_t>& column,
                                          std::size_t size) const {
  std::vector<std::uint32_t> counts(size, 0);
  for (std::size_t row = 0; row < kept_.size(); ++row) counts[column[row]] += kept_[row];
  return counts;
}

void Cleaner::drop_duplicates() {
  internal::RowsByUser by_user = internal::oldest_first(log_);
  for (std::size_t user = 0; user < by_user.user_count(); ++user) {
    const std::span<std::uint32_t> rows = by_user.of(user);
    std::ranges::stable_sort(rows, {}, [&](std::uint32_t row) { return log_.item[row]; });
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      if (log_.item[rows[i]] != log_.item[rows[i + 1]]) continue;
      ++report_.duplicates;
      drop(rows[i]);
    }
  }
}

void Cleaner::drop_small_values() {
  for (std::size_t row = 0; row < log_.value.size(); ++row) {
    if (!kept_[row]) continue;
    if (std::isnan(log_.value[row])) ++report_.missing_values;
    if (log_.value[row] < options_.min_value) {
      ++report_.below_min_value;
      drop(row);
    }
  }
}

void Cleaner::drop_outliers() {
  if (options_.max_user == 0) return;
  const std::vector<std::uint32_t> counts = count(log_.user, log_.users.size());
  report_.outlier_users = static_cast<std::uint64_t>(
      std::ranges::count_if(counts, [&](std::uint32_t rows) { return rows > options_.max_user; }));
  for (std::size_t row = 0; row < kept_.size(); ++row) {
    if (!kept_[row] || counts[log_.user[row]] <= options_.max_user) continue;
    ++report_.outlier_rows;
    drop(row);
  }
}

void Cleaner::drop_outside_core() {
  std::vector<std::uint32_t> users = count(log_.user, log_.users.size());
  std::vector<std::uint32_t> items = count(log_.item, log_.items.size());
  const auto present = [](const std::vector<std::uint32_t>& counts) {
    return static_cast<std::uint64_t>(counts.size() - std::ranges::count(counts, 0U));
  };
  const std::uint64_t users_before = present(users);
  const std::uint64_t items_before = present(items);
  for (bool changed = true; changed && left_ > 0;) {
    changed = false;
    const std::vector<std::uint32_t> user_rows = users;
    const std::vector<std::uint32_t> item_rows = items;
    for (std::size_t row = 0; row < kept_.size(); ++row) {
      const std::uint32_t user = log_.user[row];
      const std::uint32_t item = log_.item[row];
      if (!kept_[row] ||
          (user_rows[user] >= options_.min_user && item_rows[item] >= options_.min_item)) {
        continue;
      }
      drop(row);
      --users[user];
      --items[item];
      changed = true;
    }
    report_.core_rounds += changed ? 1 : 0;
  }
  report_.kept_users = present(users);
  report_.kept_items = present(items);
  report_.core_users = users_before - report_.kept_users;
  report_.core_items = items_before - report_.kept_items;
}

/// The number of an id among those kept, in order of first appearance.
std::uint32_t renumber(std::uint32_t old, const std::vector<std::string>& texts,
                       std::vector<std::uint32_t>& numbers, std::vector<std::string>& kept) {
  if (numbers[old] == kUnnumbered) {
    numbers[old] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(texts[old]);
  }
  return numbers[old];
}

InteractionLog Cleaner::compact() const {
  InteractionLog result = log_.without_rows();
  std::vector<std::uint32_t> users(log_.users.size(), kUnnumbered);
  std::vector<std::uint32_t> items(log_.items.size(), kUnnumbered);
  for (std::size_t row = 0; row < kept_.size(); ++row) {
    if (!kept_[row]) continue;
    const std::uint32_t user = renumber(log_.user[row], log_.users, users, result.users);
    const std::uint32_t item = renumber(log_.item[row], log_.items, items, result.items);
    result.append(log_, row, user, item);
  }
  return result;
}

Error nothing_left(const std::string& step) {
  return {ErrorCode::kDataEmpty, "no interaction is left after " + step};
}

}  // namespace

Result<InteractionLog> clean(const InteractionLog& log, const CleanOptions& options,
                             CleanReport& report) {
  report = {};
  report.rows = log.size();
  if (log.size() == 0) return Error{ErrorCode::kDataEmpty, "there is no interaction to clean"};
  Cleaner cleaner(log, options, report);
  if (!options.repeats) cleaner.drop_duplicates();
  cleaner.drop_small_values();
  if (cleaner.left() == 0) return nothing_left("values below the least (min_value) were left out");
  cleaner.drop_outliers();
  if (cleaner.left() == 0) {
    return nothing_left("users with more than " + std::to_string(options.max_user) +
                        " interactions (max_user) were left out");
  }
  cleaner.drop_outside_core();
  if (cleaner.left() == 0) {
    return nothing_left("the k-core: no group of users with " + std::to_string(options.min_user) +
                        " interactions each (min_user) and items with " +
                        std::to_string(options.min_item) + " each (min_item) exists");
  }
  report.kept_rows = cleaner.left();
  return cleaner.compact();
}

}  // namespace palate
