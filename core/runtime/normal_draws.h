// Seeded normal numbers for the page, which goes without the trainer's generator.
#ifndef PALATE_RUNTIME_NORMAL_DRAWS_H_
#define PALATE_RUNTIME_NORMAL_DRAWS_H_

#include <cmath>
#include <cstdint>

#include "model/portable_math.h"

namespace palate::internal {

/// Standard normal (Marsaglia's polar method) from SplitMix64 (Steele, Lea, Flood 2014). The same
/// seed gives the same numbers, but for last bits where a compiler fuses products and sums.
class NormalDraws {
 public:
  explicit NormalDraws(std::uint64_t seed) : state_(seed) {}

  double next() {
    for (;;) {
      const double u = uniform();
      const double v = uniform();
      const double square = u * u + v * v;
      if (square >= 1 || square < 1e-300) continue;
      return u * std::sqrt(-2 * portable_log(square) / square);
    }
  }

 private:
  // In [-1, 1).
  double uniform() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return static_cast<double>((z ^ z >> 31) >> 11) * 0x1.0p-52 - 1;
  }

  std::uint64_t state_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_NORMAL_DRAWS_H_
