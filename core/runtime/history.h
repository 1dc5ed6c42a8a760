// A history made ready for computing: checked, one entry an item, in the order of the catalogue.
#ifndef PALATE_RUNTIME_HISTORY_H_
#define PALATE_RUNTIME_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// What the events with one item come to.
struct HistoryItem {
  std::uint32_t row = 0;
  float weight = 0;          ///< the largest
  float value = kNoValue;    ///< the newest that was given
  std::uint32_t place = 0;   ///< how many other items were touched after it
  std::int64_t time_ms = 0;  ///< of the newest event
};

/// Merges events; keeps its memory from one call to the next.
class HistoryMerger {
 public:
  /// One entry an item, rows ascending, so the order of the events touches no sum but by `place`.
  /// `kRequestInvalid` for an item outside the catalogue, a weight that is not finite and positive,
  /// or an infinite value. The result is valid until the next call.
  Result<std::span<const HistoryItem>> merge(std::span<const Event> history,
                                             std::size_t item_count);

 private:
  void set_places(std::span<std::uint64_t> keys);

  Buffer<std::uint64_t> keys_;
  Buffer<HistoryItem> items_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_HISTORY_H_
