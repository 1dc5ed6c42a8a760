// Where an item stands in a ranked list.
#ifndef PALATE_TRAIN_PLACE_IN_LIST_H_
#define PALATE_TRAIN_PLACE_IN_LIST_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace palate::internal {

/// The number of better items, and of equal ones that are more popular; last for no number.
inline std::size_t place_in_list(std::uint32_t item, std::span<const float> scores) {
  const float own = scores[item];
  if (!std::isfinite(own)) return scores.size();
  std::size_t place = 0;
  for (std::size_t other = 0; other < scores.size(); ++other) {
    place += scores[other] > own || (scores[other] == own && other < item) ? 1 : 0;
  }
  return place;
}

}  // namespace palate::internal

#endif  // PALATE_TRAIN_PLACE_IN_LIST_H_
