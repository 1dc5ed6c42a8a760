// What the ranker's first layer makes of each item alone, once it was asked for.
#ifndef PALATE_RUNTIME_KEPT_ROWS_H_
#define PALATE_RUNTIME_KEPT_ROWS_H_

#include <cstddef>
#include <cstdint>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// A row an item, in bytes where the model says so, else in floats where that takes little memory,
/// else none. Memory of rows that were never set is never touched.
class KeptRows {
 public:
  /// Most that rows of floats may take.
  static constexpr std::size_t kMostFloats = std::size_t{1} << 20;

  Status reserve(const RankerView& ranker, std::size_t items);

  /// Whether none is kept.
  bool empty() const { return kind_ == Kind::kNone; }

  bool has(ItemIndex item) const { return scales_[to_row(item)] != 0; }

  /// Lets the item's row come into the cache while others are looked for.
  void fetch(ItemIndex item) const;

  /// A row of zeros may go on being missing.
  void set(ItemIndex item, const float* row);

  /// sums = base + the item's row, where `rectify` none below 0
  void add(ItemIndex item, const float* base, bool rectify, float* sums) const;

 private:
  enum class Kind : std::uint8_t { kNone, kFloats, kBytes };

  Kind kind_ = Kind::kNone;
  std::size_t columns_ = 0;
  Buffer<float> scales_;  // of bytes; 1 where there is a row of floats, 0 where there is none
  Buffer<float> floats_;
  Buffer<std::int8_t> bytes_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_KEPT_ROWS_H_
