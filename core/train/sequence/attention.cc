// Causal attention over one window: every event looks back at those before it and at itself.
//
// Rows are taken in blocks, and a block is multiplied with the rows up to its last one alone: that
// saves most of the half of the products that no event may see.
#include "train/sequence/attention.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace palate::internal {
namespace {

constexpr std::size_t kBlock = 64;
constexpr float kLowest = -1e30F;

/// Copies the columns of one head out of, or back into, rows that hold all of them.
void take_columns(const float* from, std::size_t rows, std::size_t stride, std::size_t width,
                  std::vector<float>& to) {
  to.resize(rows * width);
  for (std::size_t r = 0; r < rows; ++r) std::copy_n(from + r * stride, width, &to[r * width]);
}
void put_columns(const std::vector<float>& from, std::size_t rows, std::size_t stride,
                 std::size_t width, float* to) {
  for (std::size_t r = 0; r < rows; ++r) std::copy_n(&from[r * width], width, to + r * stride);
}

/// How many numbers the blocks of one head have.
std::size_t block_numbers(std::size_t rows) {
  std::size_t numbers = 0;
  for (std::size_t first = 0; first < rows; first += kBlock) {
    const std::size_t last = std::min(first + kBlock, rows);
    numbers += (last - first) * last;
  }
  return numbers;
}

}  // namespace

void Attention::forward(const AttentionShape& shape, const float* distances, const float* mixing,
                        std::size_t rows, const Kernels& kernels, float* mixed) {
  assert(rows <= shape.window);
  const std::size_t d = shape.dimension;
  const std::size_t width = shape.head_width();
  const float scale = 1 / std::sqrt(static_cast<float>(width));
  probabilities_.resize(shape.heads * block_numbers(rows));
  outputs_.resize(rows * width);
  float* scores = probabilities_.data();
  for (std::size_t head = 0; head < shape.heads; ++head) {
    take_columns(mixing + head * width, rows, 3 * d, width, queries_);
    take_columns(mixing + d + head * width, rows, 3 * d, width, keys_);
    take_columns(mixing + 2 * d + head * width, rows, 3 * d, width, values_);
    const float* nearest = distances + (head + 1) * shape.window - 1;  // of distance 0
    for (std::size_t first = 0; first < rows; first += kBlock) {
      const std::size_t last = std::min(first + kBlock, rows);
      kernels.multiply({&queries_[first * width], false}, {keys_.data(), true}, last - first, last,
                       width, false, scores);
      for (std::size_t r = first; r < last; ++r) {
        float* row = scores + (r - first) * last;
        float shift = kLowest;
        const float sum = kernels.exponentiate(nearest - r, r + 1, scale, row, &shift);
        for (std::size_t k = 0; k <= r; ++k) row[k] /= sum;
        std::fill(row + r + 1, row + last, 0.0F);
      }
      kernels.multiply({scores, false}, {values_.data(), false}, last - first, width, last, false,
                       &outputs_[first * width]);
      scores += (last - first) * last;
    }
    put_columns(outputs_, rows, d, width, mixed + head * width);
  }
}

void Attention::backward(const AttentionShape& shape, const float* mixing, const float* by_mixed,
                         std::size_t rows, const Kernels& kernels, float* by_mixing,
                         float* by_distances) {
  const std::size_t d = shape.dimension;
  const std::size_t width = shape.head_width();
  const float scale = 1 / std::sqrt(static_cast<float>(width));
  const float* probabilities = probabilities_.data();
  by_queries_.resize(rows * width);
  by_scores_.resize(kBlock * rows);
  for (std::size_t head = 0; head < shape.heads; ++head) {
    take_columns(mixing + head * width, rows, 3 * d, width, queries_);
    take_columns(mixing + d + head * width, rows, 3 * d, width, keys_);
    take_columns(mixing + 2 * d + head * width, rows, 3 * d, width, values_);
    take_columns(by_mixed + head * width, rows, d, width, by_outputs_);
    by_keys_.assign(rows * width, 0.0F);
    by_values_.assign(rows * width, 0.0F);
    float* nearest = by_distances + (head + 1) * shape.window - 1;
    for (std::size_t first = 0; first < rows; first += kBlock) {
      const std::size_t last = std::min(first + kBlock, rows);
      const std::size_t count = last - first;
      kernels.multiply({&by_outputs_[first * width], false}, {values_.data(), true}, count, last,
                       width, false, by_scores_.data());
      kernels.multiply({probabilities, true}, {&by_outputs_[first * width], false}, last, width,
                       count, true, by_values_.data());
      for (std::size_t r = first; r < last; ++r) {
        const float* row = probabilities + (r - first) * last;
        float* by_row = &by_scores_[(r - first) * last];
        float mean = 0;
        for (std::size_t k = 0; k <= r; ++k) mean += row[k] * by_row[k];
        for (std::size_t k = 0; k < last; ++k) by_row[k] = row[k] * (by_row[k] - mean);
        for (std::size_t k = 0; k <= r; ++k) (nearest - r)[k] += by_row[k];
        for (std::size_t k = 0; k <= r; ++k) by_row[k] *= scale;
      }
      kernels.multiply({by_scores_.data(), false}, {keys_.data(), false}, count, width, last, false,
                       &by_queries_[first * width]);
      kernels.multiply({by_scores_.data(), true}, {&queries_[first * width], false}, last, width,
                       count, true, by_keys_.data());
      probabilities += count * last;
    }
    put_columns(by_queries_, rows, 3 * d, width, by_mixing + head * width);
    put_columns(by_keys_, rows, 3 * d, width, by_mixing + d + head * width);
    put_columns(by_values_, rows, 3 * d, width, by_mixing + 2 * d + head * width);
  }
}

}  // namespace palate::internal
