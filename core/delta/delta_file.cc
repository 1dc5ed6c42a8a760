// The header's numbers bound what is unpacked before anything is.
#include "delta/delta_file.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>

namespace palate::internal {
namespace {

constexpr std::array kMagic = {std::byte{0x89}, std::byte{'P'}, std::byte{'A'}, std::byte{'L'},
                               std::byte{'D'},  std::byte{'L'}, std::byte{'T'}, std::byte{'\n'}};
constexpr std::uint32_t kDeltaVersion = 1;

/// The first 96 bytes as they lie in the file.
struct Header {
  std::array<std::byte, 8> magic;
  std::uint32_t version;
  std::uint32_t size;
  std::uint32_t instructions;
  std::uint32_t zero;
  std::uint32_t base_size;
  std::uint32_t result_size;
  Sha256Digest base_checksum;
  Sha256Digest result_checksum;
};
static_assert(sizeof(Header) == kDeltaHeaderBytes);

// No deflate stream unpacks to more a byte.
constexpr std::uint64_t kMaxExpansion = 1032;

Error damaged(std::string_view how) {
  return {ErrorCode::kModelStructure,
          "the delta is damaged: " + std::string(how) + ": fetch it or make it again"};
}

}  // namespace

Result<std::vector<std::byte>> write_delta_file(DeltaFile header,
                                                std::span<const std::byte> content) {
  uLongf packed = compressBound(content.size());
  std::vector<std::byte> file(kDeltaHeaderBytes + packed);
  if (compress2(reinterpret_cast<Bytef*>(file.data() + kDeltaHeaderBytes), &packed,
                reinterpret_cast<const Bytef*>(content.data()), content.size(),
                Z_BEST_COMPRESSION) != Z_OK) {
    return Error{ErrorCode::kMemory, "the delta cannot be packed: there is too little memory"};
  }
  file.resize(kDeltaHeaderBytes + packed);
  if (file.size() >> 31 != 0) {
    return Error{ErrorCode::kModelMeaning, "the delta would be larger than 2 GiB"};
  }
  const Header bytes{kMagic,
                     kDeltaVersion,
                     static_cast<std::uint32_t>(file.size()),
                     header.instructions,
                     0,
                     header.base.size,
                     header.result.size,
                     header.base.checksum,
                     header.result.checksum};
  std::memcpy(file.data(), &bytes, sizeof(bytes));
  return file;
}

Result<DeltaFile> read_delta_file(std::span<const std::byte> file) {
  const std::size_t magic = std::min(kMagic.size(), file.size());
  if (!std::equal(kMagic.begin(), kMagic.begin() + magic, file.begin())) {
    return Error{ErrorCode::kModelNotPalate,
                 "the bytes do not begin as a delta does: give what palate diff wrote"};
  }
  Header header{};
  if (file.size() < sizeof(header)) {
    return Error{ErrorCode::kModelTruncated, "the delta ends in its header: fetch it again"};
  }
  std::memcpy(&header, file.data(), sizeof(header));
  if (header.version != kDeltaVersion) {
    return Error{ErrorCode::kModelVersion,
                 "the delta has format version " + std::to_string(header.version) +
                     ", this build reads " + std::to_string(kDeltaVersion) + ": make it again"};
  }
  if (header.size != file.size()) {
    return Error{ErrorCode::kModelTruncated, "the delta has " + std::to_string(file.size()) +
                                                 " bytes instead of " +
                                                 std::to_string(header.size) + ": fetch it again"};
  }
  if (header.zero != 0) return damaged("a reserved byte is not zero");
  if (header.result_size >> 31 != 0 || header.instructions > header.result_size) {
    return damaged("its sizes make no sense");
  }
  return DeltaFile{{header.base_size, header.base_checksum},
                   {header.result_size, header.result_checksum},
                   header.instructions,
                   file.subspan(sizeof(header))};
}

Result<std::vector<std::byte>> unpack(const DeltaFile& file) {
  const std::uint64_t size = std::uint64_t{file.instructions} + file.result.size;
  if (size > file.packed.size() * kMaxExpansion) return damaged("it is too short for its sizes");
  std::vector<std::byte> content(size);
  uLongf unpacked = content.size();
  uLong taken = file.packed.size();
  const int status = uncompress2(reinterpret_cast<Bytef*>(content.data()), &unpacked,
                                 reinterpret_cast<const Bytef*>(file.packed.data()), &taken);
  if (status != Z_OK || unpacked != content.size() || taken != file.packed.size()) {
    return damaged("it does not unpack");
  }
  return content;
}

}  // namespace palate::internal
