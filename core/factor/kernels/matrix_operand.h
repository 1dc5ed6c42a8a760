// What a product of matrices is given.
#ifndef PALATE_FACTOR_KERNELS_MATRIX_OPERAND_H_
#define PALATE_FACTOR_KERNELS_MATRIX_OPERAND_H_

namespace palate::internal {

/// A row-major matrix, or its transpose.
struct MatrixOperand {
  const float* values;
  bool transposed;
};

}  // namespace palate::internal

#endif  // PALATE_FACTOR_KERNELS_MATRIX_OPERAND_H_
