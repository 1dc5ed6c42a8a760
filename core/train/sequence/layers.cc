// What a sequence network has beside fully connected layers, forward and backward.
#include "train/sequence/layers.h"

#include <cmath>

#include "palate/model.h"

namespace palate::internal {

void normalize(const float* x, std::size_t rows, std::size_t width, float* y, float* factors) {
  for (std::size_t r = 0; r < rows; ++r) {
    const float* from = x + r * width;
    float squares = 0;
    for (std::size_t k = 0; k < width; ++k) squares += from[k] * from[k];
    factors[r] = 1 / std::sqrt(squares / static_cast<float>(width) + kNormEpsilon);
    for (std::size_t k = 0; k < width; ++k) y[r * width + k] = from[k] * factors[r];
  }
}

void normalize_backward(const float* y, const float* factors, const float* by_y, std::size_t rows,
                        std::size_t width, float* by_x) {
  for (std::size_t r = 0; r < rows; ++r) {
    const std::size_t first = r * width;
    float along = 0;
    for (std::size_t k = first; k < first + width; ++k) along += by_y[k] * y[k];
    along /= static_cast<float>(width);
    for (std::size_t k = first; k < first + width; ++k) {
      by_x[k] += factors[r] * (by_y[k] - along * y[k]);
    }
  }
}

void Dropout::draw(float rate, std::size_t count, Random& random) {
  kept_.clear();
  if (rate == 0) return;
  scale_ = 1 / (1 - rate);
  const auto border = static_cast<std::uint32_t>(rate * 65536);
  kept_.resize(count);
  std::uint64_t bits = 0;
  for (std::size_t k = 0; k < count; ++k) {
    if (k % 4 == 0) bits = random.next();
    kept_[k] = (bits & 0xFFFF) >= border ? 1 : 0;
    bits >>= 16;
  }
}

void Dropout::apply(std::span<float> numbers) const {
  for (std::size_t k = 0; k < kept_.size(); ++k) {
    numbers[k] *= scale_ * static_cast<float>(kept_[k]);
  }
}

}  // namespace palate::internal
