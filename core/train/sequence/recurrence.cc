// A gated linear recurrence over one window: what an event leaves behind fades at a rate it learns.
#include "train/sequence/recurrence.h"

#include <algorithm>

#include "model/portable_math.h"

namespace palate::internal {
namespace {

float logistic(float x) {
  return static_cast<float>(1 / (1 + portable_exp(std::clamp(-double{x}, -700.0, 700.0))));
}

}  // namespace

void Recurrence::forward(const float* mixing, std::size_t rows, std::size_t width, float* mixed) {
  states_.resize(rows * width);
  updates_.resize(rows * width);
  openings_.resize(rows * width);
  for (std::size_t r = 0; r < rows; ++r) {
    const float* update = mixing + r * 3 * width;
    const float* candidate = update + width;
    const float* opening = candidate + width;
    const std::size_t first = r * width;
    for (std::size_t k = 0; k < width; ++k) {
      const float before = r > 0 ? states_[first - width + k] : 0;
      updates_[first + k] = logistic(update[k]);
      openings_[first + k] = logistic(opening[k]);
      states_[first + k] = before + updates_[first + k] * (candidate[k] - before);
      mixed[first + k] = states_[first + k] * opening[k] * openings_[first + k];
    }
  }
}

void Recurrence::backward(const float* mixing, const float* by_mixed, std::size_t rows,
                          std::size_t width, float* by_mixing) {
  std::vector<float> by_state(width, 0.0F);
  for (std::size_t r = rows; r-- > 0;) {
    const float* candidate = mixing + r * 3 * width + width;
    const float* opening = candidate + width;
    float* by_update = by_mixing + r * 3 * width;
    float* by_candidate = by_update + width;
    float* by_opening = by_candidate + width;
    const std::size_t first = r * width;
    for (std::size_t k = 0; k < width; ++k) {
      const float before = r > 0 ? states_[first - width + k] : 0;
      const float open = openings_[first + k];
      const float update = updates_[first + k];
      by_opening[k] =
          by_mixed[first + k] * states_[first + k] * open * (1 + opening[k] * (1 - open));
      by_state[k] += by_mixed[first + k] * opening[k] * open;
      by_update[k] = by_state[k] * (candidate[k] - before) * update * (1 - update);
      by_candidate[k] = by_state[k] * update;
      by_state[k] *= 1 - update;
    }
  }
}

}  // namespace palate::internal
