// Packed symmetric matrices against plain dense algebra.
#include <catch_amalgamated.hpp>
#include <limits>
#include <vector>

#include "runtime/dot.h"
#include "runtime/triangle.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_triangle_test {

using internal::triangle_row;
using internal::triangle_size;

// A random positive definite matrix: a sum of outer products and a ridge.
std::vector<float> sample_triangle(std::size_t dimension, SampleNumbers& numbers) {
  std::vector<float> triangle(triangle_size(dimension));
  for (std::size_t k = 0; k < dimension; ++k) triangle[triangle_row(k) + k] = 1.0F;
  for (std::size_t round = 0; round < dimension; ++round) {
    const std::vector<float> vectors = numbers.many(4 * dimension, -1, 1);
    const float* v = vectors.data();
    internal::add_outer_products(triangle, dimension, 0,
                                 {v, v + dimension, v + 2 * dimension, v + 3 * dimension},
                                 {0.1F, 0.2F, 0.3F, 0.4F});
  }
  return triangle;
}

Matrix dense(const std::vector<float>& triangle, std::size_t dimension) {
  Matrix matrix(dimension, Vector(dimension));
  for (std::size_t i = 0; i < dimension; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      matrix[i][j] = matrix[j][i] = triangle[triangle_row(i) + j];
    }
  }
  return matrix;
}

TEST_CASE("Four outer products at once are four outer products one by one") {
  const std::size_t dimension = 7;
  const std::size_t first = 2;
  SampleNumbers numbers(3);
  const std::vector<float> vectors = numbers.many(4 * dimension, -1, 1);
  const float scales[] = {1.0F, -2.0F, 0.5F, 3.0F};
  std::vector<float> triangle(triangle_size(dimension), 1.0F);
  const float* v = vectors.data();
  internal::add_outer_products(triangle, dimension, first,
                               {v, v + dimension, v + 2 * dimension, v + 3 * dimension},
                               {scales[0], scales[1], scales[2], scales[3]});
  for (std::size_t i = 0; i < dimension; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double expected = 1.0;
      for (std::size_t q = 0; q < 4 && i >= first && j >= first; ++q) {
        expected += double{scales[q]} * v[q * dimension + i] * v[q * dimension + j];
      }
      CHECK(triangle[triangle_row(i) + j] == Catch::Approx(expected).margin(1e-6));
    }
  }
}

TEST_CASE("Cholesky solves what Gaussian elimination solves") {
  const std::size_t dimension = GENERATE(1, 2, 3, 4, 5, 8, 13, 32, 67);
  CAPTURE(dimension);
  SampleNumbers numbers(dimension);
  std::vector<float> triangle = sample_triangle(dimension, numbers);
  const Matrix matrix = dense(triangle, dimension);
  std::vector<float> solution = numbers.many(dimension, -1, 1);
  const Vector expected = reference_solve(matrix, Vector(solution.begin(), solution.end()));
  std::vector<float> panel(internal::kOuterProducts * dimension);
  REQUIRE(internal::factor_cholesky(triangle, dimension, panel));
  internal::solve_cholesky(triangle, solution);
  for (std::size_t k = 0; k < dimension; ++k) {
    CHECK(solution[k] == Catch::Approx(expected[k]).epsilon(1e-4).margin(1e-5));
  }
}

TEST_CASE("Cholesky refuses a matrix that is not positive definite") {
  std::vector<float> panel(internal::kOuterProducts * 2);
  std::vector<float> indefinite = {1.0F, 2.0F, 1.0F};  // eigenvalues 3 and -1
  CHECK_FALSE(internal::factor_cholesky(indefinite, 2, panel));
  std::vector<float> zero = {0.0F, 0.0F, 0.0F};
  CHECK_FALSE(internal::factor_cholesky(zero, 2, panel));
  std::vector<float> infinite = {std::numeric_limits<float>::infinity(), 0.0F, 1.0F};
  CHECK_FALSE(internal::factor_cholesky(infinite, 2, panel));
  std::vector<float> not_a_number = {1.0F, std::numeric_limits<float>::quiet_NaN(), 1.0F};
  CHECK_FALSE(internal::factor_cholesky(not_a_number, 2, panel));
}

TEST_CASE("A packed product is the dense one") {
  const std::size_t dimension = 9;
  SampleNumbers numbers(5);
  const std::vector<float> triangle = sample_triangle(dimension, numbers);
  const Matrix matrix = dense(triangle, dimension);
  const std::vector<float> floats = numbers.many(dimension, -1, 1);
  const Vector x(floats.begin(), floats.end());
  Vector product(dimension, 1.0);
  internal::add_product(triangle, -0.5, x, product);
  for (std::size_t k = 0; k < dimension; ++k) {
    CHECK(product[k] == Catch::Approx(1.0 - 0.5 * reference_dot(matrix[k], x)).epsilon(1e-12));
  }
}

TEST_CASE("Dot products do not depend on the place of a row") {
  const std::size_t dimension = GENERATE(1, 3, 4, 7, 64, 65);
  CAPTURE(dimension);
  SampleNumbers numbers(dimension);
  const std::vector<float> rows = numbers.many(21 * dimension, -1, 1);
  const std::vector<float> vector = numbers.many(dimension, -1, 1);
  std::vector<float> products(21);
  internal::dot_rows(rows.data(), vector, products);
  for (std::size_t r = 0; r < products.size(); ++r) {
    const float* row = rows.data() + r * dimension;
    CHECK(products[r] == internal::dot(row, vector));
    const double expected =
        reference_dot(Vector(row, row + dimension), Vector(vector.begin(), vector.end()));
    CHECK(products[r] == Catch::Approx(expected).margin(1e-5));
    const Vector wide(vector.begin(), vector.end());
    CHECK(internal::wide_dot(row, wide) == Catch::Approx(expected).epsilon(1e-13).margin(1e-14));
  }
}

}  // namespace runtime_triangle_test
}  // namespace palate::testing
