// A log as ratings.
#include "train/rating/ratings.h"

#include <algorithm>
#include <cmath>

#include "runtime/history.h"

namespace palate::internal {
namespace {

void append(std::span<const HistoryItem> history, Ratings& ratings) {
  for (const HistoryItem& item : history) {
    ratings.touched.columns.push_back(item.row);
    ratings.touched.weights.push_back(item.weight);
    if (!std::isnan(item.value)) {
      ratings.users.ratings.push_back({item.row, item.value, item.weight});
    }
  }
  ratings.touched.offsets.push_back(ratings.touched.columns.size());
  ratings.users.offsets.push_back(ratings.users.ratings.size());
}

bool differ(std::span<const Rating> ratings) {
  return std::ranges::any_of(
      ratings, [&](const Rating& rating) { return rating.value != ratings.front().value; });
}

RatingRows transpose(const RatingRows& rows, std::size_t columns) {
  RatingRows result;
  result.offsets.assign(columns + 1, 0);
  for (const Rating& rating : rows.ratings) ++result.offsets[rating.column + 1];
  for (std::size_t c = 0; c < columns; ++c) result.offsets[c + 1] += result.offsets[c];
  result.ratings.resize(rows.ratings.size());
  std::vector<std::size_t> next(result.offsets.begin(), result.offsets.end() - 1);
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    for (const Rating& rating : rows.of(row)) {
      result.ratings[next[rating.column]++] = {row, rating.value, rating.weight};
    }
  }
  return result;
}

}  // namespace

Result<Ratings> ratings_of(const Histories& histories, std::size_t items) {
  Ratings ratings;
  HistoryMerger merger;
  for (std::size_t user = 0; user < histories.user_count(); ++user) {
    const auto merged = merger.merge(histories.of(user), items, kMaxEventTypes);
    if (!merged) return merged.error();
    append(merged->items, ratings);
  }
  if (!differ(ratings.users.ratings)) {
    return Error{ErrorCode::kRequestInvalid,
                 "the values to learn from are all the same, or there are none: nothing tells what "
                 "is liked; take a recipe for interactions such as ials"};
  }
  ratings.items = transpose(ratings.users, items);
  return ratings;
}

}  // namespace palate::internal
