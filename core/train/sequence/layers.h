// What a sequence network has beside fully connected layers, forward and backward.
#ifndef PALATE_TRAIN_SEQUENCE_LAYERS_H_
#define PALATE_TRAIN_SEQUENCE_LAYERS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/random.h"

namespace palate::internal {

/// y = x / sqrt(mean of the squares of x + kNormEpsilon) for each row (Zhang, Sennrich 2019,
/// without a gain); leaves the factors.
void normalize(const float* x, std::size_t rows, std::size_t width, float* y, float* factors);

/// Adds the derivatives by x to `by_x`.
void normalize_backward(const float* y, const float* factors, const float* by_y, std::size_t rows,
                        std::size_t width, float* by_x);

/// Sets numbers to zero with probability `rate` and scales the others up, the same ones in both
/// directions (Srivastava et al. 2014).
class Dropout {
 public:
  /// Draws for `count` numbers. A rate of 0 leaves all as they are.
  void draw(float rate, std::size_t count, Random& random);
  void apply(std::span<float> numbers) const;

 private:
  float scale_ = 1;
  std::vector<std::uint8_t> kept_;  ///< 0 or 1; empty: all
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_SEQUENCE_LAYERS_H_
