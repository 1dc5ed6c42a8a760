// The instructions of a delta, by which a base predicts a result: written, and carried out. Their
// layout stands in models/README.md.
#ifndef PALATE_DELTA_INSTRUCTIONS_H_
#define PALATE_DELTA_INSTRUCTIONS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "palate/result.h"

namespace palate::internal {

inline constexpr std::uint64_t kFillWhole = 0;
inline constexpr std::uint64_t kFillRows = 1;
inline constexpr std::uint64_t kFillTexts = 2;

/// 0, -1, 1, -2, 2 ... become 0, 1, 2, 3, 4 ...
constexpr std::uint64_t zigzag(std::int64_t number) {
  return (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t number) {
  return static_cast<std::int64_t>((number >> 1) ^ (0 - (number & 1)));
}

/// Numbers below 2^32, seven bits a byte, the lowest first (LEB128).
class InstructionWriter {
 public:
  void number(std::uint64_t number);
  std::vector<std::byte> finish() && { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

/// Numbers of 32 bits, `count` from `place` on.
struct WordRegion {
  std::size_t place = 0;
  std::size_t count = 0;
  bool by_previous = false;  ///< each is predicted by the one before it, the first by 0
};

/// Writes the prediction into `result`, which comes as zeros, and returns where its words are.
/// `kModelStructure` for instructions that are no such, or leave one of the files. Takes time
/// linear in all three.
Result<std::vector<WordRegion>> predict(std::span<const std::byte> base,
                                        std::span<const std::byte> instructions,
                                        std::span<std::byte> result);

}  // namespace palate::internal

#endif  // PALATE_DELTA_INSTRUCTIONS_H_
