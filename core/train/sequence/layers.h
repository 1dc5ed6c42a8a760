// The layers of a sequence network, forward and backward: rows of numbers in, rows of numbers out.
#ifndef PALATE_TRAIN_SEQUENCE_LAYERS_H_
#define PALATE_TRAIN_SEQUENCE_LAYERS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/random.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// A fully connected layer among the parameters of a network: outputs x inputs weights from number
/// `first` on, then a bias for each output.
struct DensePlace {
  std::size_t first = 0;
  std::size_t inputs = 0;
  std::size_t outputs = 0;

  std::size_t weights() const { return inputs * outputs; }
  std::size_t size() const { return weights() + outputs; }
};

/// y = W x + b for each row.
void dense(const DensePlace& place, std::span<const float> parameters, const float* x,
           std::size_t rows, const Kernels& kernels, float* y);

/// Adds the derivatives by the layer's parameters to `gradient`, and writes those by x.
void dense_backward(const DensePlace& place, std::span<const float> parameters, const float* x,
                    const float* by_y, std::size_t rows, const Kernels& kernels,
                    std::span<float> gradient, float* by_x);

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
