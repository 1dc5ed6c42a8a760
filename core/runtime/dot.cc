// Portable vector code; in dot products two rows share every load of the vector.
#include "runtime/dot.h"

#include <cmath>
#include <limits>

#include "runtime/lanes.h"

namespace palate::internal {
namespace {

template <std::size_t kRows>
inline void dot_block(const float* rows, std::span<const float> vector, float* products) {
  const std::size_t dimension = vector.size();
  const std::size_t whole = dimension - dimension % kLanes;
  Lanes sums[kRows] = {};
  for (std::size_t k = 0; k < whole; k += kLanes) {
    const Lanes factor = load(vector.data() + k);
    for (std::size_t r = 0; r < kRows; ++r) sums[r] += load(rows + r * dimension + k) * factor;
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    float product = sum(sums[r]);
    for (std::size_t k = whole; k < dimension; ++k) product += rows[r * dimension + k] * vector[k];
    products[r] = product;
  }
}

}  // namespace

void dot_rows(const float* rows, std::span<const float> vector, std::span<float> products) {
  // More would be more places at once than processors read ahead of: eight take twice as long in
  // a table that no cache holds.
  constexpr std::size_t kBlock = 2;
  std::size_t row = 0;
  for (; row + kBlock <= products.size(); row += kBlock) {
    dot_block<kBlock>(rows + row * vector.size(), vector, products.data() + row);
  }
  for (; row < products.size(); ++row) {
    dot_block<1>(rows + row * vector.size(), vector, products.data() + row);
  }
}

float dot(const float* row, std::span<const float> vector) {
  float product = 0;
  dot_block<1>(row, vector, &product);
  return product;
}

double wide_dot(const float* row, std::span<const double> vector) {
  WideLanes sums = {};
  const std::size_t whole = vector.size() - vector.size() % kLanes;
  for (std::size_t k = 0; k < whole; k += kLanes) {
    WideLanes factor;
    load(vector.data() + k, factor);
    sums += __builtin_convertvector(load(row + k), WideLanes) * factor;
  }
  double product = (sums[0] + sums[2]) + (sums[1] + sums[3]);
  for (std::size_t k = whole; k < vector.size(); ++k) product += double{row[k]} * vector[k];
  return product;
}

void add_scaled(const float* row, float factor, std::span<float> sums) {
  const std::size_t whole = sums.size() - sums.size() % kLanes;
  for (std::size_t k = 0; k < whole; k += kLanes) {
    store(&sums[k], load(&sums[k]) + splat(factor) * load(row + k));
  }
  for (std::size_t k = whole; k < sums.size(); ++k) sums[k] += factor * row[k];
}

void add_scaled(const float* row, double factor, std::span<double> sums) {
  const std::size_t whole = sums.size() - sums.size() % kLanes;
  for (std::size_t k = 0; k < whole; k += kLanes) {
    WideLanes lanes;
    load(&sums[k], lanes);
    lanes += __builtin_convertvector(load(row + k), WideLanes) * factor;
    store(&sums[k], lanes);
  }
  for (std::size_t k = whole; k < sums.size(); ++k) sums[k] += factor * row[k];
}

double squared_norm(std::span<const float> vector) {
  double sum = 0;
  for (const float x : vector) sum += double{x} * x;
  return sum;
}

double inverse_norm(std::span<const float> vector) {
  const double norm = std::sqrt(squared_norm(vector));
  return norm < std::numeric_limits<float>::min() ? 0.0 : 1.0 / norm;
}

}  // namespace palate::internal
