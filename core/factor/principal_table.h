// A table in coordinates in which its Gramian is diagonal.
#ifndef PALATE_FACTOR_PRINCIPAL_TABLE_H_
#define PALATE_FACTOR_PRINCIPAL_TABLE_H_

#include <cstddef>
#include <span>
#include <vector>

#include "factor/kernels/factor_kernels.h"
#include "log/chunks.h"

namespace palate::internal {

/// T V, where T'T = V diag(e) V' with V orthogonal. A product with the Gramian is then one by a
/// diagonal, and a diagonal comes near the matrix of a least-squares problem over rows of T.
struct PrincipalTable {
  std::vector<float> values;    ///< T V, row-major
  std::vector<float> diagonal;  ///< unobserved_weight * e
  std::vector<float> axes;      ///< V: dimension x dimension, one column an axis
};

/// `table` is row-major, `dimension` wide.
PrincipalTable principal_table(std::span<const float> table, std::size_t dimension,
                               float unobserved_weight, const FactorKernels& kernels,
                               Workers& workers);

/// T'T of a row-major table: dimension x dimension, both triangles. Sums in double.
std::vector<double> gramian_of(std::span<const float> table, std::size_t dimension,
                               const FactorKernels& kernels, Workers& workers);

}  // namespace palate::internal

#endif  // PALATE_FACTOR_PRINCIPAL_TABLE_H_
