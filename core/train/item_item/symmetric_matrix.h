// A large symmetric matrix, kept as the tiles of its lower triangle, and its inverse.
#ifndef PALATE_TRAIN_ITEM_ITEM_SYMMETRIC_MATRIX_H_
#define PALATE_TRAIN_ITEM_ITEM_SYMMETRIC_MATRIX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "data/parallel.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// Square tiles, row by row, each of its own row by row; where the last tiles reach beyond the
/// matrix they hold the identity. A tile on the diagonal is whole.
class SymmetricMatrix {
 public:
  static constexpr std::size_t kTile = 128;

  explicit SymmetricMatrix(std::size_t size);

  /// What a matrix of this size takes, and what inverting it takes beside it.
  static std::uint64_t bytes(std::uint64_t size);
  static std::uint64_t scratch_bytes(std::uint64_t size);

  std::size_t size() const { return size_; }
  float at(std::size_t row, std::size_t column) const { return values_[place(row, column)]; }

  /// Below the diagonal or on it: `row` >= `column`.
  void set(std::size_t row, std::size_t column, float value);

  /// Writes a whole row, both sides of the diagonal.
  void copy_row(std::size_t row, float* values) const;

  /// A becomes -A^-1 in place, by sweeping tile after tile of the diagonal (Goodnight 1979). False,
  /// and nothing of use left, where A is not positive definite to the precision of float.
  /// `swept(done, total)` is called after each tile.
  bool negate_and_invert(const Kernels& kernels, ThreadPool& pool,
                         const std::function<void(std::size_t, std::size_t)>& swept);

 private:
  static constexpr std::size_t kTileSize = kTile * kTile;

  static std::size_t tile_count(std::size_t size) { return (size + kTile - 1) / kTile; }
  static std::size_t tile_place(std::size_t row, std::size_t column) {
    return (row * (row + 1) / 2 + column) * kTileSize;
  }
  std::size_t place(std::size_t row, std::size_t column) const;
  bool sweep(std::size_t pivot, const Kernels& kernels, ThreadPool& pool);

  std::size_t size_;
  std::size_t tiles_;
  std::vector<float> values_;
  std::vector<float> panel_;   // the pivot's column of tiles
  std::vector<float> scaled_;  // the same times minus the pivot's inverse
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_ITEM_ITEM_SYMMETRIC_MATRIX_H_
