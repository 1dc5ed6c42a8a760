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
  float weight = 0;          ///< the largest since it was spoken against, or that of speaking so
  float value = kNoValue;    ///< the newest that was given
  std::uint32_t place = 0;   ///< how many other items were touched after it
  std::int64_t time_ms = 0;  ///< of the newest event
  std::uint32_t type = 0;    ///< of the newest event
};

/// An event, by the item that it was merged into.
struct HistoryVisit {
  std::uint32_t index = 0;  ///< of the item in the merged history
  std::uint32_t type = 0;
  std::int64_t time_ms = 0;
};

/// What a history comes to.
struct MergedHistory {
  std::span<const HistoryItem> items;    ///< rows ascending
  std::span<const HistoryVisit> visits;  ///< all events, in their order
};

/// Merges events; keeps its memory from one call to the next.
class HistoryMerger {
 public:
  /// The order of the events touches no sum over the items but by `place`.
  /// `kRequestInvalid` for an item outside the catalogue, a weight that is 0 or not finite, a
  /// type that the model does not know, or an infinite value. The result is valid until the next
  /// call.
  Result<MergedHistory> merge(std::span<const Event> history, std::size_t item_count,
                              std::size_t type_count);

 private:
  void set_places(std::span<std::uint64_t> keys);

  Buffer<std::uint64_t> keys_;
  Buffer<HistoryItem> items_;
  Buffer<HistoryVisit> visits_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_HISTORY_H_
