// The header of a model file: made and checked. Layout in models/README.md.
#include "model/file_header.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "model/limits.h"

namespace palate::internal {
namespace {

// The file's numbers are used where they lie.
static_assert(std::endian::native == std::endian::little);

// The first byte is no text and the last one suffers from text-mode copying.
constexpr std::array kMagic = {std::byte{0x89}, std::byte{'P'}, std::byte{'A'}, std::byte{'L'},
                               std::byte{'A'},  std::byte{'T'}, std::byte{'E'}, std::byte{'\n'}};
constexpr std::size_t kVersionAt = 8;
constexpr std::size_t kLengthAt = 16;
constexpr std::size_t kChecksumAt = 24;
constexpr std::size_t kReservedAt = 56;
static_assert(kChecksumAt + sizeof(Sha256Digest) == kReservedAt);

template <class T>
T load(std::span<const std::byte> file, std::size_t at) {
  T value;
  std::memcpy(&value, file.data() + at, sizeof(T));
  return value;
}

template <class T>
void store(std::span<std::byte> file, std::size_t at, const T& value) {
  std::memcpy(file.data() + at, &value, sizeof(T));
}

// Of every byte but the checksum's own, so that no byte of the file can change unseen.
Sha256Digest checksum_of(std::span<const std::byte> file) {
  Sha256 sha;
  sha.update(file.first(kChecksumAt));
  sha.update(file.subspan(kReservedAt));
  return sha.finish();
}

Error truncated(std::size_t is, std::uint64_t should) {
  return {ErrorCode::kModelTruncated, "the file has " + std::to_string(is) + " bytes instead of " +
                                          std::to_string(should) +
                                          ": it was cut or padded on its way, fetch it again"};
}

}  // namespace

Result<std::span<const std::byte>> check_header(std::span<const std::byte> file,
                                                Checksum checksum) {
  const std::size_t magic_bytes = std::min(kMagic.size(), file.size());
  if (!std::equal(kMagic.begin(), kMagic.begin() + magic_bytes, file.begin())) {
    return Error{ErrorCode::kModelNotPalate,
                 "the bytes do not begin as a Palate model file does: check what was loaded"};
  }
  if (file.size() < kHeaderBytes) return truncated(file.size(), kHeaderBytes);
  const auto version = load<std::uint32_t>(file, kVersionAt);
  if (version != kFormatVersion) {
    return Error{ErrorCode::kModelVersion, "the file has format version " +
                                               std::to_string(version) + ", this build reads " +
                                               std::to_string(kFormatVersion) +
                                               ": train it again or use the matching release"};
  }
  const auto length = load<std::uint64_t>(file, kLengthAt);
  if (length != file.size()) return truncated(file.size(), length);
  if (length > kMaxFileBytes) {
    return Error{ErrorCode::kModelMeaning, "the file is larger than 2 GiB"};
  }
  if (checksum == Checksum::kToCompare && checksum_of(file) != stated_checksum(file)) {
    return Error{ErrorCode::kModelChecksum,
                 "the file differs from its SHA-256: it was damaged, fetch it again"};
  }
  if (load<std::uint32_t>(file, kVersionAt + 4) != 0 ||
      load<std::uint64_t>(file, kReservedAt) != 0) {
    return Error{ErrorCode::kModelStructure, "reserved bytes of the header are not zero"};
  }
  return file.subspan(kHeaderBytes);
}

void write_header(std::span<std::byte> file) {
  std::fill_n(file.begin(), kHeaderBytes, std::byte{0});
  store(file, 0, kMagic);
  store(file, kVersionAt, kFormatVersion);
  store(file, kLengthAt, std::uint64_t{file.size()});
  store(file, kChecksumAt, checksum_of(file));
}

Sha256Digest stated_checksum(std::span<const std::byte> file) {
  return load<Sha256Digest>(file, kChecksumAt);
}

}  // namespace palate::internal
