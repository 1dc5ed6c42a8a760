// Eigenvectors against what defines them.
#include "factor/symmetric_eigen.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "palate/random.h"

namespace palate::testing {
namespace symmetric_eigen_test {

using internal::symmetric_eigen;
using internal::SymmetricEigen;

/// The largest deviation of sum values[k] v_k v_k' from the matrix, and of v_j'v_k from the unit
/// matrix.
double deviation(std::span<const double> matrix, std::size_t size, const SymmetricEigen& eigen) {
  double largest = 0;
  for (std::size_t r = 0; r < size; ++r) {
    for (std::size_t c = 0; c < size; ++c) {
      double element = 0;
      double product = 0;
      for (std::size_t k = 0; k < size; ++k) {
        element += eigen.values[k] * eigen.vectors[k * size + r] * eigen.vectors[k * size + c];
        product += eigen.vectors[r * size + k] * eigen.vectors[c * size + k];
      }
      largest = std::max(largest, std::abs(element - matrix[r * size + c]));
      largest = std::max(largest, std::abs(product - (r == c ? 1 : 0)));
    }
  }
  return largest;
}

/// The Gramian of random vectors, of which there may be fewer than the size.
std::vector<double> random_gramian(std::size_t size, std::size_t vectors) {
  Random random(size + vectors);
  std::vector<double> matrix(size * size);
  std::vector<double> vector(size);
  for (std::size_t k = 0; k < vectors; ++k) {
    for (double& x : vector) x = random.normal();
    for (std::size_t r = 0; r < size; ++r) {
      for (std::size_t c = 0; c < size; ++c) matrix[r * size + c] += vector[r] * vector[c];
    }
  }
  return matrix;
}

TEST_CASE("Eigenvectors make up the matrix and are orthogonal") {
  for (const std::size_t size : {1, 2, 3, 10, 64}) {
    for (const std::size_t vectors : {std::size_t{1}, size / 2 + 1, 2 * size}) {
      const std::vector<double> matrix = random_gramian(size, vectors);
      const double scale = *std::max_element(matrix.begin(), matrix.end());
      CHECK(deviation(matrix, size, symmetric_eigen(matrix, size)) <= 1e-12 * (1 + scale));
    }
  }
}

TEST_CASE("Eigenvectors of equal and of vanishing values are found") {
  constexpr std::size_t kSize = 5;
  std::vector<double> matrix(kSize * kSize, 0.0);
  CHECK(deviation(matrix, kSize, symmetric_eigen(matrix, kSize)) == 0);
  for (std::size_t k = 0; k < kSize; ++k) matrix[k * kSize + k] = 3;
  CHECK(deviation(matrix, kSize, symmetric_eigen(matrix, kSize)) == 0);
  // 1 everywhere: one value of 5, four of 0.
  std::fill(matrix.begin(), matrix.end(), 1.0);
  SymmetricEigen ones = symmetric_eigen(matrix, kSize);
  CHECK(deviation(matrix, kSize, ones) <= 1e-14);
  std::sort(ones.values.begin(), ones.values.end());
  CHECK(ones.values.back() == Catch::Approx(5));
  CHECK(std::abs(ones.values[3]) <= 1e-14);
}

TEST_CASE("Eigenvectors of what is not finite come to an end") {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    std::vector<double> matrix = random_gramian(32, 40);
    matrix[7 * 32 + 9] = matrix[9 * 32 + 7] = bad;
    const SymmetricEigen eigen = symmetric_eigen(matrix, 32);
    CHECK(std::any_of(eigen.values.begin(), eigen.values.end(),
                      [](double value) { return !std::isfinite(value); }));
  }
}

}  // namespace symmetric_eigen_test
}  // namespace palate::testing
