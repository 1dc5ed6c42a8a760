// A large symmetric matrix, kept as the tiles of its lower triangle, and its inverse.
#include "train/item_item/symmetric_matrix.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace palate::internal {
namespace {

constexpr std::size_t kTile = SymmetricMatrix::kTile;

void transpose_tile(const float* tile, float* result) {
  for (std::size_t r = 0; r < kTile; ++r) {
    for (std::size_t c = 0; c < kTile; ++c) result[c * kTile + r] = tile[r * kTile + c];
  }
}

/// -A^-1 of a tile by sweeping its rows, in double: what all other tiles are multiplied with.
bool negate_and_invert_tile(float* tile) {
  std::vector<double> a(tile, tile + kTile * kTile);
  for (std::size_t p = 0; p < kTile; ++p) {
    double* pivot_row = &a[p * kTile];
    const double pivot = pivot_row[p];
    if (!(pivot > 0) || !std::isfinite(pivot)) return false;
    for (std::size_t c = 0; c < kTile; ++c) pivot_row[c] /= pivot;
    for (std::size_t r = 0; r < kTile; ++r) {
      if (r == p) continue;
      double* row = &a[r * kTile];
      const double factor = row[p];
      for (std::size_t c = 0; c < kTile; ++c) row[c] -= factor * pivot_row[c];
      row[p] = factor / pivot;
    }
    pivot_row[p] = -1 / pivot;
  }
  std::transform(a.begin(), a.end(), tile, [](double x) { return static_cast<float>(x); });
  return true;
}

}  // namespace

SymmetricMatrix::SymmetricMatrix(std::size_t size)
    : size_(size), tiles_(tile_count(size)), values_(tile_place(tiles_, 0)) {
  for (std::size_t k = size; k < tiles_ * kTile; ++k) values_[place(k, k)] = 1;
}

std::uint64_t SymmetricMatrix::bytes(std::uint64_t size) {
  return tile_place(tile_count(size), 0) * sizeof(float);
}

std::uint64_t SymmetricMatrix::scratch_bytes(std::uint64_t size) {
  return 2 * tile_count(size) * kTileSize * sizeof(float);
}

std::size_t SymmetricMatrix::place(std::size_t row, std::size_t column) const {
  if (row < column) std::swap(row, column);
  return tile_place(row / kTile, column / kTile) + row % kTile * kTile + column % kTile;
}

void SymmetricMatrix::set(std::size_t row, std::size_t column, float value) {
  assert(row >= column);
  values_[place(row, column)] = value;
  if (row / kTile != column / kTile) return;
  values_[tile_place(row / kTile, row / kTile) + column % kTile * kTile + row % kTile] = value;
}

void SymmetricMatrix::copy_row(std::size_t row, float* values) const {
  const std::size_t own = row / kTile;
  for (std::size_t begin = 0; begin < size_; begin += kTile) {
    const std::size_t tile = begin / kTile;
    const std::size_t count = std::min(kTile, size_ - begin);
    if (tile <= own) {
      std::copy_n(&values_[tile_place(own, tile) + row % kTile * kTile], count, values + begin);
      continue;
    }
    const float* column = &values_[tile_place(tile, own) + row % kTile];
    for (std::size_t k = 0; k < count; ++k) values[begin + k] = column[k * kTile];
  }
}

bool SymmetricMatrix::negate_and_invert(
    const Kernels& kernels, ThreadPool& pool,
    const std::function<void(std::size_t, std::size_t)>& swept) {
  panel_.resize(tiles_ * kTileSize);
  scaled_.resize(tiles_ * kTileSize);
  for (std::size_t pivot = 0; pivot < tiles_; ++pivot) {
    if (!sweep(pivot, kernels, pool)) return false;
    swept(pivot + 1, tiles_);
  }
  panel_ = {};
  scaled_ = {};
  return true;
}

/// With P the inverse of the pivot's tile, C its column of tiles: A_kk = -P, A_ik = C_i P and
/// A_ij = A_ij - C_i P C_j' for all others.
bool SymmetricMatrix::sweep(std::size_t pivot, const Kernels& kernels, ThreadPool& pool) {
  float* negative_inverse = &values_[tile_place(pivot, pivot)];
  if (!negate_and_invert_tile(negative_inverse)) return false;
  pool.for_each_chunk(tiles_, 1, [&](const Chunk& chunk) {
    const std::size_t i = chunk.index;
    if (i == pivot) return;
    float* tile = &values_[tile_place(std::max(i, pivot), std::min(i, pivot))];
    float* column = &panel_[i * kTileSize];
    float* scaled = &scaled_[i * kTileSize];
    if (i > pivot) {
      std::copy_n(tile, kTileSize, column);
    } else {
      transpose_tile(tile, column);
    }
    kernels.multiply({column, false}, {negative_inverse, false}, kTile, kTile, kTile, false,
                     scaled);
    if (i > pivot) {
      std::copy_n(scaled, kTileSize, tile);
    } else {
      transpose_tile(scaled, tile);
    }
    for (std::size_t k = 0; k < kTileSize; ++k) tile[k] = -tile[k];
  });
  // The longest rows first, so that the threads end together.
  pool.for_each_chunk(tiles_, 1, [&](const Chunk& chunk) {
    const std::size_t i = tiles_ - 1 - chunk.index;
    if (i == pivot) return;
    for (std::size_t j = 0; j <= i; ++j) {
      if (j == pivot) continue;
      kernels.multiply({&scaled_[i * kTileSize], false}, {&panel_[j * kTileSize], true}, kTile,
                       kTile, kTile, true, &values_[tile_place(i, j)]);
    }
  });
  return true;
}

}  // namespace palate::internal
