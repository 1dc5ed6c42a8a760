// SHA-256 (FIPS 180-4): the checksum of a model file.
#ifndef PALATE_MODEL_SHA256_H_
#define PALATE_MODEL_SHA256_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace palate::internal {

using Sha256Digest = std::array<std::byte, 32>;

/// Digests a message that comes in pieces.
class Sha256 {
 public:
  void update(std::span<const std::byte> bytes);
  /// Ends the message. The object is used up.
  Sha256Digest finish();

 private:
  static constexpr std::size_t kBlock = 64;

  void compress(const std::byte* block);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::byte, kBlock> pending_{};
  std::uint64_t length_ = 0;  // bytes so far
};

/// As sha256sum prints it.
std::string to_hex(const Sha256Digest& digest);

}  // namespace palate::internal

#endif  // PALATE_MODEL_SHA256_H_
