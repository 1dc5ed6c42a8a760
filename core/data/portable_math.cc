// Logarithm and exponential whose bits do not depend on the C library or the processor.
#include "data/portable_math.h"

#include <cassert>
#include <cmath>

namespace palate::internal {
namespace {

constexpr double kLn2High = 0x1.62e42fefa0000p-1;  // the first bits of ln 2: k * kLn2High is exact
constexpr double kLn2Low = 0x1.cf79abc9e3b3ap-40;
constexpr double kSqrtHalf = 0.70710678118654752440;

}  // namespace

double portable_log(double x) {
  assert(x > 0);
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);
  if (mantissa < kSqrtHalf) {
    mantissa *= 2;
    --exponent;
  }
  // ln m = 2 atanh(z), z = (m - 1) / (m + 1), |z| <= 0.1716: 11 terms reach the last bit.
  const double z = (mantissa - 1) / (mantissa + 1);
  const double square = z * z;
  double series = 0;
  for (int term = 21; term >= 1; term -= 2) series = series * square + 1.0 / term;
  return exponent * kLn2High + (2 * z * series + exponent * kLn2Low);
}

double portable_exp(double x) {
  assert(x >= -700 && x <= 700);
  const double turns = std::floor(x / (kLn2High + kLn2Low) + 0.5);
  const double rest = (x - turns * kLn2High) - turns * kLn2Low;  // |rest| <= ln 2 / 2
  double series = 1;
  for (int term = 14; term >= 1; --term) series = 1 + series * rest / term;
  return std::ldexp(series, static_cast<int>(turns));
}

}  // namespace palate::internal
