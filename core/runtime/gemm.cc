// Panels of as many outputs as the kernel makes at once: their biases, then for each input what the
// outputs take of it.
#include "runtime/gemm.h"

#include <algorithm>
#include <limits>

#include "runtime/gemm_kernel.h"

namespace palate::internal {

std::size_t packed_size(std::size_t inputs, std::size_t outputs) {
  const std::size_t width = gemm_kernel().columns;
  return (outputs + width - 1) / width * width * (inputs + 1);
}

void pack_rows(const float* rows, std::size_t inputs, std::size_t outputs, float* packed) {
  const std::size_t width = gemm_kernel().columns;
  for (std::size_t first = 0; first < outputs; first += width) {
    const std::size_t count = std::min(width, outputs - first);
    std::fill_n(packed, width, 0.0F);
    packed += width;
    for (std::size_t input = 0; input < inputs; ++input, packed += width) {
      std::copy_n(rows + input * outputs + first, count, packed);
    }
  }
}

void pack_columns(const float* rows, std::size_t stride, const float* bias, std::size_t inputs,
                  std::size_t outputs, float* packed) {
  const std::size_t width = gemm_kernel().columns;
  for (std::size_t first = 0; first < outputs; first += width) {
    const std::size_t count = std::min(width, outputs - first);
    std::copy_n(bias + first, count, packed);
    packed += width;
    for (std::size_t input = 0; input < inputs; ++input, packed += width) {
      for (std::size_t output = 0; output < count; ++output) {
        packed[output] = rows[(first + output) * stride + input];
      }
    }
  }
}

void multiply(const float* left, std::size_t rows, std::size_t inputs, const float* packed,
              std::size_t outputs, float least, float* products) {
  const GemmKernel& kernel = gemm_kernel();
  const GemmBounds bounds = {least, std::numeric_limits<float>::infinity()};
  for (std::size_t row = 0; row < rows; row += kernel.rows) {
    kernel.run(std::min(kernel.rows, rows - row), outputs, inputs * sizeof(float),
               left + row * inputs, inputs * sizeof(float), packed, products + row * outputs,
               outputs * sizeof(float), kernel.columns * sizeof(float), &bounds);
  }
}

}  // namespace palate::internal
