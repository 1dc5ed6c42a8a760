// The inner loops of networks and of their optimisers, compiled once for each instruction set:
// products on Eigen, and what is no product.
//
// A kernel file is compiled with flags that the machine may not support, so nothing of it may be
// merged with code from elsewhere by the linker: the interfaces are plain pointers, and the inline
// functions that a kernel file includes, Eigen's too, live in a namespace of that file alone.
#ifndef PALATE_TRAIN_KERNELS_KERNELS_H_
#define PALATE_TRAIN_KERNELS_KERNELS_H_

#include <stddef.h>
#include <stdint.h>

#include "factor/kernels/matrix_operand.h"

namespace palate::internal {

/// A step of the optimisers in core/train/optimize, which name their sources.
struct OptimizerStep {
  float beta1;
  float beta2;
  float epsilon;
  float learning_rate;
  float first_scale;   ///< 1 / (1 - beta1^t)
  float second_scale;  ///< 1 / (1 - beta2^t)
  float l2;            ///< l2 * parameter joins the gradient
  float decay;         ///< decay * parameter joins the step
};

struct Kernels {
  /// c (m x n, row-major) = a (m x k) * b (k x n); `add`: added to what c holds. The operands are
  /// stored row-major in their own shape, before the transposition. c overlaps neither.
  void (*multiply)(MatrixOperand a, MatrixOperand b, size_t m, size_t n, size_t k, bool add,
                   float* c);

  /// sum_k a[k] * b[k]
  float (*dot)(const float* a, const float* b, size_t size);

  /// sum = sum_k weights[k] * table[rows[k]], summed in that order; table is `dimension` wide.
  void (*weighted_sum)(const float* table, size_t dimension, const uint32_t* rows,
                       const float* weights, size_t count, float* sum);

  /// x_i = exp(scale * x_i + bias_i - shift), 0 below e^-80, with `shift` the largest of its given
  /// value and scale * x_i + bias_i; leaves the shift and returns the sum.
  float (*exponentiate)(const float* bias, size_t count, float scale, float* x, float* shift);

  void (*adam)(const OptimizerStep& step, const float* gradient, size_t count, float* first_moment,
               float* second_moment, float* parameters);
  void (*adagrad)(const OptimizerStep& step, const float* gradient, size_t count, float* squares,
                  float* parameters);
};

/// One for each file that this build holds.
extern const Kernels kGenericKernels;
extern const Kernels kX8664V3Kernels;
extern const Kernels kX8664V4Kernels;

}  // namespace palate::internal

#endif  // PALATE_TRAIN_KERNELS_KERNELS_H_
