// XNNPACK's own names for its kernels, of the release that tools/setup.sh pins.
#include "runtime/gemm_kernel.h"

#include <type_traits>

namespace palate::internal {
namespace {

using Run = std::remove_pointer_t<decltype(GemmKernel::run)>;

}  // namespace
}  // namespace palate::internal

extern "C" {
#if defined(__wasm_relaxed_simd__)
palate::internal::Run xnn_f32_gemm_minmax_ukernel_4x8__wasmrelaxedsimd_fma_loadsplat;
#elif defined(__wasm__)
palate::internal::Run xnn_f32_gemm_minmax_ukernel_4x8__wasmsimd_x86_loadsplat;
#elif defined(__x86_64__)
palate::internal::Run xnn_f32_gemm_minmax_ukernel_4x8__sse_load1;
palate::internal::Run xnn_f32_gemm_minmax_ukernel_5x16__fma3_broadcast;
palate::internal::Run xnn_f32_gemm_minmax_ukernel_7x32__avx512f_broadcast;
#else
palate::internal::Run xnn_f32_gemm_minmax_ukernel_4x4__scalar;
#endif
}

namespace palate::internal {
namespace {

#if defined(__wasm_relaxed_simd__)
constexpr GemmKernel kKernel = {xnn_f32_gemm_minmax_ukernel_4x8__wasmrelaxedsimd_fma_loadsplat, 4,
                                8};
#elif defined(__wasm__)
constexpr GemmKernel kKernel = {xnn_f32_gemm_minmax_ukernel_4x8__wasmsimd_x86_loadsplat, 4, 8};
#elif defined(__x86_64__)
GemmKernel best_kernel() {
  if (__builtin_cpu_supports("avx512f")) {
    return {xnn_f32_gemm_minmax_ukernel_7x32__avx512f_broadcast, 7, 32};
  }
  if (__builtin_cpu_supports("fma")) {
    return {xnn_f32_gemm_minmax_ukernel_5x16__fma3_broadcast, 5, 16};
  }
  return {xnn_f32_gemm_minmax_ukernel_4x8__sse_load1, 4, 8};
}
#else
constexpr GemmKernel kKernel = {xnn_f32_gemm_minmax_ukernel_4x4__scalar, 4, 4};
#endif

}  // namespace

const GemmKernel& gemm_kernel() {
#if defined(__x86_64__)
  static const GemmKernel kernel = best_kernel();
  return kernel;
#else
  return kKernel;
#endif
}

}  // namespace palate::internal
