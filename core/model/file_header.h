// The 64 bytes before the body of a model file.
#ifndef PALATE_MODEL_FILE_HEADER_H_
#define PALATE_MODEL_FILE_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "model/sha256.h"
#include "palate/model.h"
#include "palate/result.h"

namespace palate::internal {

inline constexpr std::size_t kHeaderBytes = 64;
inline constexpr std::uint32_t kFormatVersion = 1;

/// Step one of reading: magic, version, length, checksum. Returns the body.
Result<std::span<const std::byte>> check_header(std::span<const std::byte> file,
                                                Checksum checksum = Checksum::kToCompare);

/// Fills the first 64 bytes of `file`, whose body is in place.
void write_header(std::span<std::byte> file);

/// The checksum that the header of `file` states.
Sha256Digest stated_checksum(std::span<const std::byte> file);

}  // namespace palate::internal

#endif  // PALATE_MODEL_FILE_HEADER_H_
