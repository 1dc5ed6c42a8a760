// What the users touched, item after item.
#ifndef PALATE_TRAIN_ITEM_SEQUENCES_H_
#define PALATE_TRAIN_ITEM_SEQUENCES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "palate/dataset.h"

namespace palate::internal {

/// The users' items, oldest first.
struct ItemSequences {
  std::vector<std::size_t> offsets{0};  ///< users + 1
  std::vector<std::uint32_t> items;
  std::vector<float> weights;
  std::vector<std::int64_t> times_ms;  ///< 0 where unknown
  std::vector<std::uint32_t> types;    ///< 0 where unknown

  std::size_t user_count() const { return offsets.size() - 1; }
  std::size_t count(std::size_t user) const { return offsets[user + 1] - offsets[user]; }
};

/// Each item once: in its newest place, with its largest weight.
ItemSequences sequences_of(const Histories& histories);

/// Each item as often as it was touched.
ItemSequences repeating_sequences_of(const Histories& histories);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_ITEM_SEQUENCES_H_
