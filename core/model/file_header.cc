// The header of a model file: made and checked. Layout in models/README.md.
#include "model/file_header.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <string>

#include "model/limits.h"
#include "model/sentence.h"
#include "palate/seldom.h"
#include "palate/words.h"

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

bool has_its_checksum(std::span<const std::byte> file) {
  return checksum_of(file) == stated_checksum(file);
}

std::optional<ErrorCode> fault_of(std::span<const std::byte> file, Checksum checksum) {
  const std::size_t magic_bytes = std::min(kMagic.size(), file.size());
  if (!std::equal(kMagic.begin(), kMagic.begin() + magic_bytes, file.begin())) {
    return ErrorCode::kModelNotPalate;
  }
  if (file.size() < kHeaderBytes) return ErrorCode::kModelTruncated;
  if (load<std::uint32_t>(file, kVersionAt) != kFormatVersion) return ErrorCode::kModelVersion;
  const auto length = load<std::uint64_t>(file, kLengthAt);
  if (length != file.size()) return ErrorCode::kModelTruncated;
  if (length > kMaxFileBytes) return ErrorCode::kModelMeaning;
  // A browser mostly has compared it before.
  if (checksum == Checksum::kToCompare && !seldom<&has_its_checksum>(file)) {
    return ErrorCode::kModelChecksum;
  }
  if (load<std::uint32_t>(file, kVersionAt + 4) != 0 ||
      load<std::uint64_t>(file, kReservedAt) != 0) {
    return ErrorCode::kModelStructure;
  }
  return std::nullopt;
}

std::string text_of_length(std::span<const std::byte> file) {
  const std::uint64_t stated =
      file.size() < kHeaderBytes ? kHeaderBytes : load<std::uint64_t>(file, kLengthAt);
  return sentence({"the file has "_words, Digits(file.size()), " bytes instead of "_words,
                   Digits(stated), ": it was cut or padded on its way, fetch it again"_words});
}

std::string text_of_version(std::span<const std::byte> file) {
  return sentence({"the file has format version "_words,
                   Digits(load<std::uint32_t>(file, kVersionAt)), ", this build reads "_words,
                   Digits(kFormatVersion), ": train it again or use the matching release"_words});
}

std::string text_of_fault(ErrorCode fault, std::span<const std::byte> file) {
  switch (fault) {
    case ErrorCode::kModelNotPalate:
      return "the bytes do not begin as a Palate model file does: check what was loaded"_words;
    case ErrorCode::kModelTruncated:
      return text_of_length(file);
    case ErrorCode::kModelVersion:
      return text_of_version(file);
    case ErrorCode::kModelMeaning:
      return "the file is larger than 2 GiB"_words;
    case ErrorCode::kModelChecksum:
      return "the file differs from its SHA-256: it was damaged, fetch it again"_words;
    default:
      return "reserved bytes of the header are not zero"_words;
  }
}

}  // namespace

Result<std::span<const std::byte>> check_header(std::span<const std::byte> file,
                                                Checksum checksum) {
  const std::optional<ErrorCode> fault = fault_of(file, checksum);
  if (fault) return error_in_words<&text_of_fault>(*fault, *fault, file);
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
