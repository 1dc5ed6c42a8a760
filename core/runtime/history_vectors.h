// The vectors of a history's items as floats, whatever the precision of their table.
#ifndef PALATE_RUNTIME_HISTORY_VECTORS_H_
#define PALATE_RUNTIME_HISTORY_VECTORS_H_

#include <cstddef>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/history.h"

namespace palate::internal {

/// Read once a history, since an encoder goes over them several times. Borrows the model's file.
class HistoryVectors {
 public:
  explicit HistoryVectors(const TableView& table) : table_(table) {}

  /// Reads the vectors of these items. May be none.
  Status read(std::span<const HistoryItem> items) {
    if (Status status = vectors_.reserve(items.size() * dimension()); !status) return status;
    for (std::size_t j = 0; j < items.size(); ++j) {
      table_.read(items[j].row, {vectors_.data() + j * dimension(), dimension()});
    }
    return Done{};
  }

  /// The vector of item j of those that were read last.
  std::span<const float> operator[](std::size_t j) const {
    return {vectors_.data() + j * dimension(), dimension()};
  }

  std::size_t dimension() const { return table_.columns; }

 private:
  TableView table_;
  Buffer<float> vectors_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_HISTORY_VECTORS_H_
