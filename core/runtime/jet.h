// A number that knows its derivatives in seven directions: forward differentiation.
#ifndef PALATE_RUNTIME_JET_H_
#define PALATE_RUNTIME_JET_H_

#include <cmath>
#include <cstddef>

#include "model/portable_math.h"

namespace palate::internal {

/// Lane 0 holds the number, the others its derivatives: one multiplication by a constant, and one
/// sum, moves all of them.
struct Jet {
  using Numbers = float __attribute__((vector_size(32)));
  static constexpr std::size_t kDirections = 7;

  Jet() = default;
  Jet(float number) : numbers{number} {}  // NOLINT: constants are numbers without derivatives
  explicit Jet(const Numbers& all) : numbers(all) {}

  Numbers numbers;

  Jet& operator+=(const Jet& other) {
    numbers += other.numbers;
    return *this;
  }
};

inline float value_of(float number) { return number; }
inline float value_of(const Jet& jet) { return jet.numbers[0]; }

/// f(x), given the value and the slope of f there.
inline float chain(float, float value, float) { return value; }
inline Jet chain(const Jet& x, float value, float slope) {
  Jet result(x.numbers * slope);
  result.numbers[0] = value;
  return result;
}

inline Jet operator+(const Jet& a, const Jet& b) { return Jet(a.numbers + b.numbers); }
inline Jet operator-(const Jet& a, const Jet& b) { return Jet(a.numbers - b.numbers); }
inline Jet operator*(const Jet& a, float factor) { return Jet(a.numbers * factor); }
inline Jet operator*(const Jet& a, const Jet& b) {
  Jet product(a.numbers * b.numbers[0] + b.numbers * a.numbers[0]);
  product.numbers[0] = a.numbers[0] * b.numbers[0];
  return product;
}

// Functions of numbers and jets alike.

template <class T>
T exponential(const T& x) {
  const float value = portable_expf(value_of(x));
  return chain(x, value, value);
}

template <class T>
T logistic(const T& x) {
  const float value = 1 / (1 + portable_expf(-value_of(x)));
  return chain(x, value, value * (1 - value));
}

template <class T>
T reciprocal(const T& x) {
  const float value = 1 / value_of(x);
  return chain(x, value, -value * value);
}

template <class T>
T inverse_root(const T& x) {
  const float value = 1 / std::sqrt(value_of(x));
  return chain(x, value, -0.5F * value * value * value);
}

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_JET_H_
