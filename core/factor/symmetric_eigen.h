// The eigenvectors of a symmetric matrix.
#ifndef PALATE_FACTOR_SYMMETRIC_EIGEN_H_
#define PALATE_FACTOR_SYMMETRIC_EIGEN_H_

#include <cstddef>
#include <span>
#include <vector>

namespace palate::internal {

/// A = sum over k of values[k] v_k v_k', the v_k orthogonal and of length 1; in no order.
struct SymmetricEigen {
  std::vector<double> values;
  std::vector<double> vectors;  ///< size x size, row k is v_k
};

/// `matrix` is size x size, both triangles. By a tridiagonal matrix and implicit QL steps (Golub,
/// Van Loan 2013, sections 8.3.1 and 8.3.5; Bowdler et al. 1968). What is not finite gives numbers
/// that are not. Only IEEE sums, products, quotients and roots: the same bits on every machine that
/// does not fuse them.
SymmetricEigen symmetric_eigen(std::span<const double> matrix, std::size_t size);

}  // namespace palate::internal

#endif  // PALATE_FACTOR_SYMMETRIC_EIGEN_H_
