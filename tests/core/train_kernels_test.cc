// The kernels of training against their definitions, on every instruction set that the machine has.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "palate/random.h"
#include "train/instruction_set.h"
#include "train/kernels/kernels.h"

namespace palate::testing {
namespace train_kernels_test {

using Catch::Matchers::WithinAbs;
using internal::InstructionSet;
using internal::MatrixOperand;
using internal::usable_instruction_sets;

std::vector<float> random_numbers(std::size_t count, Random& random) {
  std::vector<float> numbers(count);
  for (float& x : numbers) x = static_cast<float>(random.normal());
  return numbers;
}

/// Element (r, c) of a matrix of so many rows and columns.
float element(MatrixOperand matrix, std::size_t rows, std::size_t columns, std::size_t r,
              std::size_t c) {
  return matrix.transposed ? matrix.values[c * rows + r] : matrix.values[r * columns + c];
}

void check_product(const InstructionSet& set, MatrixOperand a, MatrixOperand b, std::size_t m,
                   std::size_t n, std::size_t k, bool add) {
  CAPTURE(set.name, a.transposed, b.transposed, m, n, k, add);
  std::vector<float> c(m * n, 0.5F);
  set.kernels->multiply(a, b, m, n, k, add, c.data());
  double worst = 0;
  for (std::size_t r = 0; r < m; ++r) {
    for (std::size_t column = 0; column < n; ++column) {
      double sum = add ? 0.5 : 0;
      for (std::size_t i = 0; i < k; ++i) {
        sum += double{element(a, m, k, r, i)} * element(b, k, n, i, column);
      }
      worst = std::max(worst, std::abs(sum - c[r * n + column]));
    }
  }
  CHECK_THAT(worst, WithinAbs(0, 1e-5 * std::sqrt(static_cast<double>(k + 1))));
}

TEST_CASE("A product is that of its operands, whatever their shapes and storage") {
  Random random(1);
  for (const InstructionSet& set : usable_instruction_sets()) {
    for (const std::size_t m : {1, 2, 7, 33}) {
      for (const std::size_t n : {1, 5, 16, 65}) {
        for (const std::size_t k : {1, 3, 64, 517}) {
          const std::vector<float> a = random_numbers(m * k, random);
          const std::vector<float> b = random_numbers(k * n, random);
          for (const bool a_transposed : {false, true}) {
            for (const bool b_transposed : {false, true}) {
              for (const bool add : {false, true}) {
                check_product(set, {a.data(), a_transposed}, {b.data(), b_transposed}, m, n, k,
                              add);
              }
            }
          }
        }
      }
    }
  }
}

TEST_CASE("A product of iALS is that of its operands") {
  Random random(4);
  for (const InstructionSet& set : usable_instruction_sets()) {
    for (const std::size_t n : {1, 16, 65}) {
      for (const bool transposed : {false, true}) {
        constexpr std::size_t kRows = 9;
        constexpr std::size_t kDepth = 300;
        CAPTURE(set.name, n, transposed);
        const std::vector<float> a = random_numbers(kRows * kDepth, random);
        const std::vector<float> b = random_numbers(kDepth * n, random);
        std::vector<float> c(kRows * n, 7.0F);
        set.factor_kernels->multiply(a.data(), {b.data(), transposed}, kRows, n, kDepth, c.data());
        for (std::size_t r = 0; r < kRows; ++r) {
          for (std::size_t column = 0; column < n; ++column) {
            double sum = 0;
            for (std::size_t i = 0; i < kDepth; ++i) {
              sum +=
                  double{a[r * kDepth + i]} * element({b.data(), transposed}, kDepth, n, i, column);
            }
            REQUIRE_THAT(c[r * n + column], WithinAbs(sum, 2e-4));
          }
        }
      }
    }
  }
}

TEST_CASE("Dot products and weighted sums are exact to rounding at odd sizes") {
  Random random(2);
  for (const InstructionSet& set : usable_instruction_sets()) {
    for (const std::size_t size : {1, 15, 16, 63, 64, 131}) {
      CAPTURE(set.name, size);
      constexpr std::size_t kRows = 20;
      const std::vector<float> table = random_numbers(kRows * size, random);
      const std::vector<float> weights = random_numbers(kRows, random);
      std::vector<std::uint32_t> rows(kRows);
      for (std::size_t r = 0; r < kRows; ++r) rows[r] = (7 * r) % kRows;
      double product = 0;
      for (std::size_t c = 0; c < size; ++c) product += double{table[c]} * table[size + c];
      CHECK_THAT(set.kernels->dot(&table[0], &table[size], size), WithinAbs(product, 1e-4));

      std::vector<float> sum(size);
      set.kernels->weighted_sum(table.data(), size, rows.data(), weights.data(), kRows, sum.data());
      for (std::size_t c = 0; c < size; ++c) {
        double expected = 0;
        for (std::size_t r = 0; r < kRows; ++r) {
          expected += double{weights[r]} * table[rows[r] * size + c];
        }
        REQUIRE_THAT(sum[c], WithinAbs(expected, 1e-4));
      }
    }
  }
}

TEST_CASE("Exponentials are shifted by the largest, and vanish far below it") {
  Random random(3);
  for (const InstructionSet& set : usable_instruction_sets()) {
    for (const std::size_t size : {1, 15, 16, 67}) {
      CAPTURE(set.name, size);
      constexpr float kScale = 3;
      const std::vector<float> bias = random_numbers(size, random);
      const std::vector<float> given = random_numbers(size, random);
      std::vector<float> x = given;
      x.back() = -40;
      float shift = 0.25F;
      float largest = shift;
      for (std::size_t i = 0; i < size; ++i) largest = std::max(largest, kScale * x[i] + bias[i]);
      const float sum = set.kernels->exponentiate(bias.data(), size, kScale, x.data(), &shift);
      CHECK_THAT(shift, WithinAbs(largest, 1e-5));
      double expected_sum = 0;
      for (std::size_t i = 0; i + 1 < size; ++i) {
        const double expected = std::exp(kScale * double{given[i]} + bias[i] - largest);
        REQUIRE_THAT(x[i], WithinAbs(expected, 2e-6));
        expected_sum += expected;
      }
      CHECK(x.back() == 0);
      CHECK_THAT(sum, WithinAbs(expected_sum, 1e-5 * static_cast<double>(size)));
    }
  }
}

TEST_CASE("Steps of the optimisers follow their formulas") {
  constexpr internal::OptimizerStep kStep{0.9F, 0.99F, 1e-7F, 0.05F, 2.0F, 3.0F, 0.01F, 0.1F};
  Random random(5);
  for (const InstructionSet& set : usable_instruction_sets()) {
    for (const std::size_t size : {1, 16, 67}) {
      CAPTURE(set.name, size);
      const std::vector<float> gradient = random_numbers(size, random);
      const std::vector<float> start = random_numbers(size, random);
      std::vector<float> first(size, 0.25F);
      std::vector<float> second(size, 0.5F);
      std::vector<float> by_adam = start;
      set.kernels->adam(kStep, gradient.data(), size, first.data(), second.data(), by_adam.data());
      std::vector<float> squares(size, 0.5F);
      std::vector<float> by_adagrad = start;
      set.kernels->adagrad(kStep, gradient.data(), size, squares.data(), by_adagrad.data());
      for (std::size_t i = 0; i < size; ++i) {
        const double slope = gradient[i] + 0.01 * start[i];
        const double mean = 0.9 * 0.25 + 0.1 * slope;
        const double square = 0.99 * 0.5 + 0.01 * slope * slope;
        const double step = 2 * mean / (std::sqrt(3 * square) + 1e-7) + 0.1 * start[i];
        REQUIRE_THAT(first[i], WithinAbs(mean, 1e-5));
        REQUIRE_THAT(second[i], WithinAbs(square, 1e-5));
        REQUIRE_THAT(by_adam[i], WithinAbs(start[i] - 0.05 * step, 1e-5));
        const double sum = 0.5 + slope * slope;
        REQUIRE_THAT(squares[i], WithinAbs(sum, 1e-4));
        const double expected = start[i] - 0.05 * slope / (std::sqrt(sum) + 1e-7);
        REQUIRE_THAT(by_adagrad[i], WithinAbs(expected, 1e-5));
      }
    }
  }
}

}  // namespace train_kernels_test
}  // namespace palate::testing
