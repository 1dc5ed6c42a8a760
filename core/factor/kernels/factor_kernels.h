// The inner loops of iALS, compiled once for each instruction set. They are no library's: the
// page trains with them too, in a few kilobytes and to the same bytes.
//
// A kernel file is compiled with flags that the machine may not support, so nothing of it may be
// merged with code from elsewhere by the linker: the interfaces are plain pointers, and the inline
// functions that a kernel file includes live in a namespace of that file alone.
#ifndef PALATE_FACTOR_KERNELS_FACTOR_KERNELS_H_
#define PALATE_FACTOR_KERNELS_FACTOR_KERNELS_H_

#include <stddef.h>
#include <stdint.h>

#include "factor/kernels/matrix_operand.h"

namespace palate::internal {

/// One user (or item) of iALS against the fixed other side, in coordinates in which the Gramian of
/// the other side is diagonal:
///   A = diagonal + ridge * I + sum_k w_k t_k t_k',  b = sum_k w_k t_k,  where t_k =
///   table[rows[k]].
struct LeastSquares {
  const float* table;     ///< row-major, `dimension` wide
  const float* diagonal;  ///< `dimension` numbers, the unobserved weight included
  size_t dimension;
  const uint32_t* rows;
  const float* weights;
  size_t count;
  float ridge;
};

struct FactorKernels {
  /// Floats of scratch memory that the solvers want.
  size_t (*solver_scratch)(size_t dimension);

  /// x = A^-1 b by Cholesky. Returns sum_k w_k (1 - t_k'x)^2 + x'(diagonal + ridge * I)x: the part
  /// of the objective that x enters.
  double (*solve_exactly)(const LeastSquares& problem, float* scratch, float* x);

  /// Conjugate gradients from the given x, `steps` steps, preconditioned by A's diagonal (Golub,
  /// Van Loan 2013, section 11.5.2). Returns the same.
  double (*solve_by_gradients)(const LeastSquares& problem, unsigned steps, float* scratch,
                               float* x);

  /// gramian += rows' * rows, the upper triangle; gramian is dimension x dimension, row-major. What
  /// lies below the diagonal may be overwritten.
  void (*add_gramian)(const float* rows, size_t count, size_t dimension, float* gramian);

  /// c (m x n) = a (m x k) * b (k x n), all row-major, b in its own shape before its transposition.
  void (*multiply)(const float* a, MatrixOperand b, size_t m, size_t n, size_t k, float* c);
};

/// One for each file that this build holds.
extern const FactorKernels kGenericFactorKernels;
extern const FactorKernels kX8664V3FactorKernels;
extern const FactorKernels kX8664V4FactorKernels;

}  // namespace palate::internal

#endif  // PALATE_FACTOR_KERNELS_FACTOR_KERNELS_H_
