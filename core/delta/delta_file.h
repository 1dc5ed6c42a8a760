// A delta file: a header, then instructions and differences as one zlib stream.
#ifndef PALATE_DELTA_DELTA_FILE_H_
#define PALATE_DELTA_DELTA_FILE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/sha256.h"
#include "palate/result.h"

namespace palate::internal {

inline constexpr std::size_t kDeltaHeaderBytes = 96;

/// One of the two model files of a delta.
struct DeltaEnd {
  std::uint32_t size = 0;
  Sha256Digest checksum{};  ///< as its own header states it
};

struct DeltaFile {
  DeltaEnd base;
  DeltaEnd result;
  std::uint32_t instructions = 0;  ///< bytes
  std::span<const std::byte> packed;
};

/// `content`: the instructions, then the differences.
Result<std::vector<std::byte>> write_delta_file(DeltaFile header,
                                                std::span<const std::byte> content);

/// Checks the header. `packed` borrows from `file`.
Result<DeltaFile> read_delta_file(std::span<const std::byte> file);

/// The instructions, then the differences.
Result<std::vector<std::byte>> unpack(const DeltaFile& file);

}  // namespace palate::internal

#endif  // PALATE_DELTA_DELTA_FILE_H_
