// Symmetric matrices as packed lower triangles: rank updates, Cholesky factor, solve, product.
#ifndef PALATE_RUNTIME_TRIANGLE_H_
#define PALATE_RUNTIME_TRIANGLE_H_

#include <array>
#include <cstddef>
#include <span>

namespace palate::internal {

/// Where row `row` starts. Entry (i, j), j <= i, of a triangle stands at triangle_row(i) + j.
constexpr std::size_t triangle_row(std::size_t row) { return row * (row + 1) / 2; }

/// Numbers in a triangle.
constexpr std::size_t triangle_size(std::size_t dimension) { return triangle_row(dimension); }

/// Outer products are added four at a time, so that each entry is read and written once for four.
inline constexpr std::size_t kOuterProducts = 4;
using OuterProducts = std::array<const float*, kOuterProducts>;
using OuterScales = std::array<float, kOuterProducts>;

/// triangle += sum_q scales[q] * vectors[q] vectors[q]', for rows and columns from `first` on.
void add_outer_products(std::span<float> triangle, std::size_t dimension, std::size_t first,
                        const OuterProducts& vectors, const OuterScales& scales);

/// Replaces a positive definite matrix A by its Cholesky factor L, A = L L'. `panel` is scratch of
/// kOuterProducts * dimension floats. False, with `triangle` in an undefined state, when a pivot is
/// not positive and finite.
bool factor_cholesky(std::span<float> triangle, std::size_t dimension, std::span<float> panel);

/// Replaces b in `vector` by the solution x of L' x = b.
void solve_transposed(std::span<const float> factor, std::span<float> vector);

/// Replaces b in `vector` by the solution x of L L' x = b.
void solve_cholesky(std::span<const float> factor, std::span<float> vector);

/// product += scale * A x, in double precision.
void add_product(std::span<const float> triangle, double scale, std::span<const double> x,
                 std::span<double> product);

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_TRIANGLE_H_
