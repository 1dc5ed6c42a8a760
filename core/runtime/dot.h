// Dot products, and rows added up: the one seam behind which hand-tuned kernels may go.
#ifndef PALATE_RUNTIME_DOT_H_
#define PALATE_RUNTIME_DOT_H_

#include <span>

namespace palate::internal {

/// products[r] = rows[r] . vector, for `products.size()` consecutive rows of `vector.size()`
/// floats. The order of summation is the same for every row, whatever its place and alignment.
void dot_rows(const float* rows, std::span<const float> vector, std::span<float> products);

/// One row of `dot_rows`, to the last bit.
float dot(const float* row, std::span<const float> vector);

/// The product in double precision, for residuals.
double wide_dot(const float* row, std::span<const double> vector);

/// sums[i] += factor * row[i].
void add_scaled(const float* row, float factor, std::span<float> sums);
void add_scaled(const float* row, double factor, std::span<double> sums);

/// |vector|^2, in double precision.
double squared_norm(std::span<const float> vector);

/// 1 / |vector|, or 0 for a vector of (next to) nothing, which is similar to none.
double inverse_norm(std::span<const float> vector);

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_DOT_H_
