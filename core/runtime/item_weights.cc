// Rows scattered into a buffer of sums; what they touched, and no more than is asked of the rest,
// is ordered.
#include "runtime/item_weights.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "runtime/best_picks.h"
#include "runtime/finite.h"

namespace palate::internal {
namespace {

// No sum comes to this: in double precision they stay finite.
constexpr double kUntouched = std::numeric_limits<double>::quiet_NaN();

float value_at(const SparseRowView& row, std::uint32_t column) {
  std::size_t first = 0;
  std::size_t count = row.size();
  while (count > 0) {  // by halves: columns ascend
    const std::size_t half = count / 2;
    if (row.columns[first + half] < column) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return first < row.size() && row.columns[first] == column ? row.values[first] : 0.0F;
}

}  // namespace

Result<std::unique_ptr<Retrieval>> ItemWeightsRetrieval::create(const ItemWeightsView& rows,
                                                                const Model& model) {
  Result<HistoryWeigher> weigher = HistoryWeigher::create(rows.weights, model);
  if (!weigher) return weigher.error();
  std::unique_ptr<ItemWeightsRetrieval> retrieval(
      new ItemWeightsRetrieval(rows, model.item_count(), std::move(*weigher)));
  if (Status status = retrieval->reserve(); !status) return status.error();
  return std::unique_ptr<Retrieval>(std::move(retrieval));
}

Status ItemWeightsRetrieval::reserve() {
  if (Status status = touched_.reserve(item_count_); !status) return status;
  if (Status status = sums_.reserve(item_count_); !status) return status;
  const std::span<double> sums = sums_.first(item_count_);
  std::fill(sums.begin(), sums.end(), kUntouched);
  return Done{};
}

Status ItemWeightsRetrieval::set_history(const MergedHistory& merged) {
  const std::span<const HistoryItem> history = merged.items;
  const auto coefficients = weigher_.weigh(history);
  if (!coefficients) return coefficients.error();
  history_ = history;
  coefficients_ = *coefficients;
  clear();
  for (std::size_t j = 0; j < history.size(); ++j) {
    const SparseRowView row = rows_.row(history[j].row);
    for (std::size_t entry = 0; entry < row.size(); ++entry) {
      const std::uint32_t column = row.columns[entry];
      double& sum = sums_[column];
      if (std::isnan(sum)) {
        sum = 0;
        touched_[touched_count_++] = column;
      }
      sum += coefficients_[j] * row.values[entry];
    }
  }
  return Done{};
}

void ItemWeightsRetrieval::clear() {
  for (const std::uint32_t item : touched_.first(touched_count_)) sums_[item] = kUntouched;
  touched_count_ = 0;
}

float ItemWeightsRetrieval::score_of(std::uint32_t item) const {
  return std::isnan(sums_[item]) ? 0.0F : static_cast<float>(sums_[item]);
}

void ItemWeightsRetrieval::score(std::span<const ItemIndex> items, std::span<float> scores) const {
  std::transform(items.begin(), items.end(), scores.begin(), [this](ItemIndex item) {
    return score_of(static_cast<std::uint32_t>(to_row(item)));
  });
}

Result<std::size_t> ItemWeightsRetrieval::best(RowMask excluded, std::span<Pick> picks) {
  if (Status status = list_.reserve(touched_count_ + picks.size()); !status) return status.error();
  const std::span<Pick> list = list_.first(touched_count_ + picks.size());
  const Result<std::size_t> collected = collect(excluded, list);
  if (!collected) return collected.error();
  std::size_t count = *collected;
  const auto above_zero = static_cast<std::size_t>(
      std::count_if(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(count),
                    [](const Pick& pick) { return pick.score > 0; }));
  if (above_zero < picks.size()) {
    count += add_untouched(excluded, list.subspan(count, picks.size() - above_zero));
  }
  return copy_best(list.first(count), picks);
}

Result<std::size_t> ItemWeightsRetrieval::collect(RowMask excluded, std::span<Pick> list) const {
  std::size_t count = 0;
  for (const std::uint32_t item : touched_.first(touched_count_)) {
    const float score = score_of(item);
    if (!std::isfinite(score)) return not_finite("a retrieval score");
    if (!excluded[item]) list[count++] = {ItemIndex{item}, score};
  }
  return count;
}

// Fills `list` with the most popular items that score 0 because no row names them.
std::size_t ItemWeightsRetrieval::add_untouched(RowMask excluded, std::span<Pick> list) const {
  std::size_t count = 0;
  for (std::uint32_t item = 0; item < item_count_ && count < list.size(); ++item) {
    if (!std::isnan(sums_[item]) || excluded[item]) continue;
    list[count++] = {ItemIndex{item}, 0.0F};
  }
  return count;
}

Result<std::size_t> ItemWeightsRetrieval::similar(ItemIndex item, RowMask excluded,
                                                  std::span<Pick> picks) {
  const SparseRowView row = rows_.row(to_row(item));
  if (Status status = list_.reserve(row.size()); !status) return status.error();
  std::size_t count = 0;
  for (std::size_t entry = 0; entry < row.size(); ++entry) {
    const std::uint32_t other = row.columns[entry];
    if (!excluded[other]) list_[count++] = {ItemIndex{other}, row.values[entry]};
  }
  return copy_best(list_.first(count), picks);
}

Status ItemWeightsRetrieval::contributions(ItemIndex item, std::span<float> amounts) {
  assert(amounts.size() == history_.size());
  const auto column = static_cast<std::uint32_t>(to_row(item));
  for (std::size_t j = 0; j < history_.size(); ++j) {
    const float value = value_at(rows_.row(history_[j].row), column);
    amounts[j] = static_cast<float>(coefficients_[j] * value);
  }
  return Done{};
}

}  // namespace palate::internal
