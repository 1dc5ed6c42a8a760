// A log as ratings: who rated what how, who touched what at all, in both directions.
#ifndef PALATE_TRAIN_RATING_RATINGS_H_
#define PALATE_TRAIN_RATING_RATINGS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "factor/sparse_rows.h"
#include "palate/dataset.h"
#include "palate/result.h"

namespace palate::internal {

/// What stands at one place of a table of users and items.
struct Rating {
  std::uint32_t column = 0;
  float value = 0;
  float weight = 0;
};

/// Row r holds ratings[offsets[r] .. offsets[r + 1]), columns ascending, each once.
struct RatingRows {
  std::vector<std::size_t> offsets{0};
  std::vector<Rating> ratings;

  std::size_t size() const { return offsets.size() - 1; }
  std::span<const Rating> of(std::size_t row) const {
    return std::span(ratings).subspan(offsets[row], offsets[row + 1] - offsets[row]);
  }
};

/// The events of each user, merged as the runtime merges a history.
struct Ratings {
  RatingRows users;    ///< the events that have a value
  RatingRows items;    ///< the same, one row an item
  SparseRows touched;  ///< all events, one row a user

  std::size_t user_count() const { return users.size(); }
  std::size_t item_count() const { return items.size(); }
};

Result<Ratings> ratings_of(const Histories& histories, std::size_t items);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RATING_RATINGS_H_
