// The seeded generator behind every random choice of Palate.
#ifndef PALATE_RANDOM_H_
#define PALATE_RANDOM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace palate {

/// xoshiro256** 1.0 (Blackman, Vigna 2018), its state filled by SplitMix64. The same seed gives the
/// same numbers on every machine and with every library: only integer operations, IEEE sums,
/// products, quotients and square roots are used, and nothing of <random> or <cmath>'s
/// transcendentals. A value: copy it to repeat a sequence. Not for secrets.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  /// A generator of its own for part `stream` of a computation (a user, a thread's chunk, an
  /// epoch): what it draws depends on seed and stream alone, not on the order of the work.
  Random(std::uint64_t seed, std::uint64_t stream);

  /// 64 random bits.
  std::uint64_t next();

  /// Uniform in [0, bound), without bias (Lemire 2019). `bound` > 0.
  std::uint64_t below(std::uint64_t bound);

  /// Uniform in [0, 1): a multiple of 2^-53.
  double uniform();

  /// Standard normal (Marsaglia's polar method).
  double normal();

  /// Fisher-Yates.
  template <class T>
  void shuffle(std::span<T> values) {
    for (std::size_t left = values.size(); left > 1; --left) {
      std::swap(values[left - 1], values[static_cast<std::size_t>(below(left))]);
    }
  }

 private:
  std::array<std::uint64_t, 4> state_;
  double spare_normal_ = 0;
  bool has_spare_normal_ = false;
};

}  // namespace palate

#endif  // PALATE_RANDOM_H_
