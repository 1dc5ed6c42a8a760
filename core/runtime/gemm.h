// Products of matrices by the kernel of `gemm_kernel.h`, whose right side is packed first.
#ifndef PALATE_RUNTIME_GEMM_H_
#define PALATE_RUNTIME_GEMM_H_

#include <cstddef>

namespace palate::internal {

/// Numbers that a packed right side of `inputs` x `outputs` takes.
std::size_t packed_size(std::size_t inputs, std::size_t outputs);

/// Packs a right side of `inputs` rows of `outputs` numbers, and no biases.
void pack_rows(const float* rows, std::size_t inputs, std::size_t outputs, float* packed);

/// Packs the transpose of `outputs` rows of `inputs` numbers, `stride` from one row to the next,
/// and a bias for each output.
void pack_columns(const float* rows, std::size_t stride, const float* bias, std::size_t inputs,
                  std::size_t outputs, float* packed);

/// products (rows x outputs) = left (rows x inputs) * right + biases, none below `least`.
void multiply(const float* left, std::size_t rows, std::size_t inputs, const float* packed,
              std::size_t outputs, float least, float* products);

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_GEMM_H_
