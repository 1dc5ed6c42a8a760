// Which rows of the catalogue may not be listed: a bit an item.
#ifndef PALATE_RUNTIME_ROW_MASK_H_
#define PALATE_RUNTIME_ROW_MASK_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "palate/result.h"
#include "runtime/buffer.h"

namespace palate::internal {

class RowBits;

/// A view of the bits; a default one leaves nothing out.
class RowMask {
 public:
  RowMask() = default;
  explicit RowMask(std::span<const std::uint32_t> words) : words_(words) {}

  /// Whether the row is left out.
  bool operator[](std::size_t row) const {
    return !words_.empty() && (words_[row / 32] >> (row % 32) & 1U) != 0;
  }

  /// Whether `count` rows from `first`, a multiple of 32, are left out all of them.
  bool covers(std::size_t first, std::size_t count) const {
    if (words_.empty()) return false;
    for (std::size_t row = first; row < first + count; row += 32) {
      const std::size_t rows = std::min<std::size_t>(32, first + count - row);
      if (~words_[row / 32] << (32 - rows) != 0) return false;
    }
    return true;
  }

 private:
  friend RowBits;
  std::span<const std::uint32_t> words_;
};

/// Memory for the bits of a catalogue.
class RowBits {
 public:
  /// Leaves nothing out of `rows`, or all.
  Status reset(std::size_t rows, bool left_out) {
    words_ = (rows + 31) / 32;
    if (Status status = bits_.reserve(words_); !status) return status;
    std::fill_n(bits_.data(), words_, left_out ? ~0U : 0U);
    return Done{};
  }
  /// Leaves out what `mask` does.
  Status copy(std::size_t rows, RowMask mask) {
    if (mask.words_.empty()) return reset(rows, false);
    words_ = mask.words_.size();
    if (Status status = bits_.reserve(words_); !status) return status;
    std::copy_n(mask.words_.data(), words_, bits_.data());
    return Done{};
  }

  void leave_out(std::size_t row) { bits_[row / 32] |= 1U << row % 32; }
  void let_in(std::size_t row) { bits_[row / 32] &= ~(1U << row % 32); }
  RowMask mask() const { return RowMask(bits_.first(words_)); }

 private:
  Buffer<std::uint32_t> bits_;
  std::size_t words_ = 0;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_ROW_MASK_H_
