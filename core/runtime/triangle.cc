// A blocked right-looking Cholesky factorisation (Golub, Van Loan 2013, section 4.2.6) and what it
// is made of.
#include "runtime/triangle.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "runtime/dot.h"
#include "runtime/lanes.h"

namespace palate::internal {
namespace {

// row[j] += sum_q factors[q] * vectors[q][j] for j in [first, last].
inline void add_scaled(float* row, std::size_t first, std::size_t last,
                       const OuterProducts& vectors, const OuterScales& factors) {
  const auto [a, b, c, d] = vectors;
  const auto [s, t, u, v] = factors;
  const Lanes ss = splat(s), tt = splat(t), uu = splat(u), vv = splat(v);
  std::size_t j = first;
  for (; j + kLanes <= last + 1; j += kLanes) {
    store(row + j, load(row + j) + ((ss * load(a + j) + tt * load(b + j)) +
                                    (uu * load(c + j) + vv * load(d + j))));
  }
  for (; j <= last; ++j) row[j] += (s * a[j] + t * b[j]) + (u * c[j] + v * d[j]);
}

}  // namespace

void add_outer_products(std::span<float> triangle, std::size_t dimension, std::size_t first,
                        const OuterProducts& vectors, const OuterScales& scales) {
  assert(triangle.size() == triangle_size(dimension));
  for (std::size_t i = first; i < dimension; ++i) {
    OuterScales factors;
    for (std::size_t q = 0; q < kOuterProducts; ++q) factors[q] = scales[q] * vectors[q][i];
    add_scaled(triangle.data() + triangle_row(i), first, i, vectors, factors);
  }
}

bool factor_cholesky(std::span<float> triangle, std::size_t dimension, std::span<float> panel) {
  assert(triangle.size() == triangle_size(dimension));
  assert(panel.size() == kOuterProducts * dimension);
  OuterProducts columns;
  for (std::size_t q = 0; q < kOuterProducts; ++q) columns[q] = panel.data() + q * dimension;
  for (std::size_t first = 0; first < dimension; first += kOuterProducts) {
    const std::size_t width = std::min(kOuterProducts, dimension - first);
    for (std::size_t q = 0; q < width; ++q) {
      float* column = panel.data() + q * dimension;
      const std::size_t k = first + q;
      for (std::size_t i = k; i < dimension; ++i) {
        float entry = triangle[triangle_row(i) + k];
        for (std::size_t p = 0; p < q; ++p) entry -= columns[p][i] * columns[p][k];
        column[i] = entry;
      }
      const float pivot = column[k];
      if (!(pivot > 0) || !std::isfinite(pivot)) return false;
      const float inverse_root = 1.0F / std::sqrt(pivot);
      for (std::size_t i = k; i < dimension; ++i) {
        column[i] *= inverse_root;
        triangle[triangle_row(i) + k] = column[i];
      }
    }
    add_outer_products(triangle, dimension, first + width, columns, {-1, -1, -1, -1});
  }
  return true;
}

void solve_cholesky(std::span<const float> factor, std::span<float> vector) {
  const std::size_t dimension = vector.size();
  assert(factor.size() == triangle_size(dimension));
  for (std::size_t i = 0; i < dimension; ++i) {
    const float* row = factor.data() + triangle_row(i);
    vector[i] = (vector[i] - dot(row, vector.first(i))) / row[i];
  }
  solve_transposed(factor, vector);
}

void solve_transposed(std::span<const float> factor, std::span<float> vector) {
  for (std::size_t i = vector.size(); i-- > 0;) {
    const float* row = factor.data() + triangle_row(i);
    const float entry = vector[i] / row[i];
    vector[i] = entry;
    add_scaled(row, -entry, vector.first(i));
  }
}

void add_product(std::span<const float> triangle, double scale, std::span<const double> x,
                 std::span<double> product) {
  assert(triangle.size() == triangle_size(x.size()));
  assert(product.size() == x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float* row = triangle.data() + triangle_row(i);
    const double scaled = scale * x[i];
    product[i] += scale * wide_dot(row, x.first(i)) + scaled * double{row[i]};
    for (std::size_t j = 0; j < i; ++j) product[j] += scaled * double{row[j]};
  }
}

}  // namespace palate::internal
