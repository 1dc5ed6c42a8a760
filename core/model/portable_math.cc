// Logarithm, exponential and power whose bits do not depend on the C library or the processor.
#include "model/portable_math.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace palate::internal {
namespace {

constexpr double kLn2High = 0x1.62e42fefa0000p-1;  // the first bits of ln 2: k * kLn2High is exact
constexpr double kLn2Low = 0x1.cf79abc9e3b3ap-40;

/// 1 / 13!, ..., 1 / 1!, 1 / 0!: what is left of the series of e^x for |x| <= ln 2 / 2 is 4e-18.
constexpr std::array<double, 14> kInverseFactorials = [] {
  std::array<double, 14> coefficients{};
  double factorial = 1;
  for (int n = 0; n < 14; ++n) {
    if (n > 0) factorial *= n;
    coefficients[13 - n] = 1 / factorial;
  }
  return coefficients;
}();

constexpr double kInverseLn2 = 1.44269504088896340736;
constexpr double kRounder = 0x1.8p52;  // adding it leaves no room for a fraction
constexpr double kSqrtHalf = 0.70710678118654752440;

// ln(1 + x) for 1 + x from sqrt(1/2) to sqrt(2).
double log_beside_one(double x) {
  // It is 2 atanh(z), z = x / (2 + x), |z| <= 0.1716: 11 terms reach the last bit.
  const double z = x / (2 + x);
  const double square = z * z;
  double series = 0;
  for (int term = 21; term >= 1; term -= 2) series = series * square + 1.0 / term;
  return 2 * z * series;
}

double exp_by_series(double x, std::span<const double> coefficients) {
  const double turns = x * kInverseLn2 + kRounder - kRounder;    // to the nearest whole number
  const double rest = (x - turns * kLn2High) - turns * kLn2Low;  // |rest| <= ln 2 / 2
  double series = 0;
  for (const double coefficient : coefficients) series = series * rest + coefficient;
  const std::uint64_t exponent = static_cast<std::uint64_t>(static_cast<int>(turns) + 1023) << 52;
  return series * std::bit_cast<double>(exponent);  // 2^turns
}

}  // namespace

double portable_log(double x) {
  assert(x > 0);
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);
  if (mantissa < kSqrtHalf) {
    mantissa *= 2;
    --exponent;
  }
  return exponent * kLn2High + (log_beside_one(mantissa - 1) + exponent * kLn2Low);
}

double portable_log1p(double x) {
  // Near 1 the sum would lose what counts.
  return x < kSqrtHalf / 2 ? log_beside_one(x) : portable_log(1 + x);
}

double portable_exp(double x) {
  assert(x >= -700 && x <= 700);
  return exp_by_series(x, kInverseFactorials);
}

float portable_expf(float x) {
  if (std::isnan(x)) return x;
  constexpr double kMost = 150;
  constexpr std::size_t kTerms = 9;  // what is left of the series is 2e-10
  return static_cast<float>(exp_by_series(std::clamp<double>(x, -kMost, kMost),
                                          std::span(kInverseFactorials).last(kTerms)));
}

double portable_pow(double x, double y) {
  constexpr double kMost = 700;
  return portable_exp(std::clamp(y * portable_log(x), -kMost, kMost));
}

}  // namespace palate::internal
