// The machine asked, once, what it can do. AVX-512 is not among it: its passes were slower than
// those of AVX2 on every table that was measured.
#include "runtime/scan/choice.h"

#include <cstddef>

namespace palate::internal {
namespace {

#if defined(__x86_64__)

constexpr const ScanKernels* kKernels[] = {&kPortableScan, &kX8664V3Scan};

std::size_t count_usable() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 2 : 1;
}

#elif defined(__wasm_relaxed_simd__)

constexpr const ScanKernels* kKernels[] = {&kWasmScan, &kWasmRelaxedScan};

// Whether the engine's relaxed dot product is one: some baseline compilers got it wrong.
std::size_t count_usable() {
  alignas(16) std::uint8_t codes[16];
  std::int8_t vector[16];
  for (int k = 0; k < 16; ++k) {
    codes[k] = static_cast<std::uint8_t>(k % 3 == 0 ? -128 : 17 * k);
    vector[k] = static_cast<std::int8_t>(127 - 8 * k);
  }
  std::int32_t plain = 0;
  std::int32_t relaxed = 0;
  kWasmScan.int8(codes, sizeof(codes), vector, 1, &plain);
  kWasmRelaxedScan.int8(codes, sizeof(codes), vector, 1, &relaxed);
  return plain == relaxed ? 2 : 1;
}

#elif defined(__wasm__)

constexpr const ScanKernels* kKernels[] = {&kWasmScan};
std::size_t count_usable() { return 1; }

#else

constexpr const ScanKernels* kKernels[] = {&kPortableScan};
std::size_t count_usable() { return 1; }

#endif

}  // namespace

std::span<const ScanKernels* const> usable_scan_kernels() {
  static const std::size_t usable = count_usable();
  return std::span(kKernels).first(usable);
}

const ScanKernels& scan_kernels() { return *usable_scan_kernels().back(); }

}  // namespace palate::internal
