// Vectors of the widest registers. Part of each kernel file: everything is in the unnamed
// namespace.
#ifndef PALATE_FACTOR_KERNELS_LANES_H_
#define PALATE_FACTOR_KERNELS_LANES_H_

#include <stddef.h>

namespace palate::internal {
namespace {

#if defined(__AVX512F__)
constexpr size_t kLanes = 16;
#elif defined(__AVX__)
constexpr size_t kLanes = 8;
#else
constexpr size_t kLanes = 4;
#endif

// An alias declaration would lose the attributes. NOLINTNEXTLINE(modernize-use-using)
typedef float Lanes
    __attribute__((vector_size(kLanes * sizeof(float)), aligned(sizeof(float)), may_alias));

/// Rows lie anywhere in a table larger than the cache: they are asked for this many rows ahead.
constexpr size_t kAhead = 8;
constexpr size_t kCacheLine = 64 / sizeof(float);

Lanes& lanes_at(float* x) { return *reinterpret_cast<Lanes*>(x); }
const Lanes& lanes_at(const float* x) { return *reinterpret_cast<const Lanes*>(x); }

/// By halves: the order of a tree, which the compiler can keep in registers.
float sum_of(const Lanes& x) {
  float parts[kLanes];
  __builtin_memcpy(parts, &x, sizeof(parts));
  for (size_t half = kLanes / 2; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) parts[i] += parts[i + half];
  }
  return parts[0];
}

float dot(const float* a, const float* b, size_t size) {
  Lanes sums[4] = {};
  size_t k = 0;
  for (; k + 4 * kLanes <= size; k += 4 * kLanes) {
    for (size_t v = 0; v < 4; ++v) {
      sums[v] += lanes_at(a + k + v * kLanes) * lanes_at(b + k + v * kLanes);
    }
  }
  for (; k + kLanes <= size; k += kLanes) sums[0] += lanes_at(a + k) * lanes_at(b + k);
  float sum = sum_of((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; k < size; ++k) sum += a[k] * b[k];
  return sum;
}

}  // namespace
}  // namespace palate::internal

#endif  // PALATE_FACTOR_KERNELS_LANES_H_
