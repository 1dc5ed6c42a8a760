// Four floats side by side: one SIMD register on every target, by the compilers' vector extension.
#ifndef PALATE_RUNTIME_LANES_H_
#define PALATE_RUNTIME_LANES_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace palate::internal {

inline constexpr std::size_t kLanes = 4;
using Lanes = float __attribute__((vector_size(16)));
using WideLanes = double __attribute__((vector_size(32)));

/// Sixteen of them, where bytes become floats or floats bytes.
inline constexpr std::size_t kManyLanes = 16;
using ManyLanes = float __attribute__((vector_size(64)));
using ManyBytes = std::int8_t __attribute__((vector_size(16)));

// By reference: how such vectors are returned depends on the machine.
inline void load(const float* from, ManyLanes& lanes) { std::memcpy(&lanes, from, sizeof(lanes)); }
inline void load(const double* from, WideLanes& lanes) { std::memcpy(&lanes, from, sizeof(lanes)); }

/// Reads four floats from anywhere.
inline Lanes load(const float* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof(lanes));
  return lanes;
}

inline void store(float* to, const Lanes& lanes) { std::memcpy(to, &lanes, sizeof(lanes)); }
inline void store(double* to, const WideLanes& lanes) { std::memcpy(to, &lanes, sizeof(lanes)); }

/// The same number in every lane.
inline Lanes splat(float number) { return Lanes{number, number, number, number}; }

inline float sum(const Lanes& lanes) { return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]); }

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_LANES_H_
