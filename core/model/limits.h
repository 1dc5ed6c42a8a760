// The limits of format version 1, as models/README.md states them.
#ifndef PALATE_MODEL_LIMITS_H_
#define PALATE_MODEL_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace palate::internal {

inline constexpr std::size_t kAlignment = 16;
inline constexpr std::uint64_t kMaxFileBytes = (1ULL << 31) - 1;  // of a FlatBuffer
inline constexpr std::uint32_t kMaxDepth = 8;
inline constexpr std::uint32_t kMaxTables = 4096;

inline constexpr std::uint64_t kMaxItems = 1ULL << 24;
inline constexpr std::size_t kMaxIdBytes = 1024;     // and the name of an attribute
inline constexpr std::size_t kMaxTextBytes = 65536;  // any other
inline constexpr std::size_t kMaxAttributes = 256;

inline constexpr std::uint32_t kMaxDimension = 1024;  // a solve takes d^3 / 3 steps
inline constexpr std::size_t kMaxPlaces = 4096;       // of a history, with a recency of their own
inline constexpr std::size_t kMaxLayers = 8;
inline constexpr std::uint32_t kMaxLayerWidth = 4096;
inline constexpr std::size_t kMaxFeatures = 2048;
inline constexpr std::uint32_t kMaxLists = 1U << 16;          // of an index
inline constexpr std::size_t kMaxRetrievers = 8;              // of a ranker, beside the encoder
inline constexpr std::uint32_t kMaxInputs = 4096;             // of a tabular model
inline constexpr std::uint64_t kMaxRankerSteps = 1ULL << 31;  // multiply-adds to rank candidates

inline constexpr float kMaxNumber = 1e20F;      // of numbers that are no parameter (kMaxMagnitude)
inline constexpr double kMaxActivation = 1e30;  // what a layer could reach at worst

}  // namespace palate::internal

#endif  // PALATE_MODEL_LIMITS_H_
