// The matrix kernel of XNNPACK that suits this machine, called directly: its operators would add
// more to the page than all of the ranker.
#ifndef PALATE_RUNTIME_GEMM_KERNEL_H_
#define PALATE_RUNTIME_GEMM_KERNEL_H_

#include <cstddef>

namespace palate::internal {

/// Laid out as XNNPACK's xnn_f32_minmax_params.
struct GemmBounds {
  float min;
  float max;
};

/// outputs = clamp(inputs * weights + bias) for up to `rows` rows. The packed weights are panels of
/// `columns` outputs: their biases, then for each input their weights.
struct GemmKernel {
  void (*run)(std::size_t rows, std::size_t outputs, std::size_t input_bytes, const float* inputs,
              std::size_t input_stride, const float* packed, float* outputs_at,
              std::size_t output_stride, std::size_t panel_bytes, const GemmBounds* bounds);
  std::size_t rows;
  std::size_t columns;
};

const GemmKernel& gemm_kernel();

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_GEMM_KERNEL_H_
