// A result is its prediction from the base plus differences, most of them zeros.
#include "palate/delta.h"

#include <algorithm>
#include <string>

#include "delta/alignment.h"
#include "delta/delta_file.h"
#include "delta/differences.h"
#include "delta/instructions.h"
#include "model/file_header.h"

namespace palate {
namespace {

using internal::DeltaEnd;
using internal::DeltaFile;

DeltaEnd end_of(std::span<const std::byte> file) {
  return {static_cast<std::uint32_t>(file.size()), internal::stated_checksum(file)};
}

Status check_base(const DeltaEnd& wanted, const DeltaEnd& base) {
  if (wanted.size == base.size && wanted.checksum == base.checksum) return Done{};
  return Error{ErrorCode::kRequestInvalid, "the delta was made for the model with SHA-256 " +
                                               internal::to_hex(wanted.checksum) +
                                               ", this one has " + internal::to_hex(base.checksum) +
                                               ": make one from this model"};
}

}  // namespace

Result<std::vector<std::byte>> make_delta(const Model& base, const Model& result) {
  const std::span<const std::byte> file = result.bytes();
  std::vector<std::byte> content = internal::align(base, result);
  // A tiny file may be shorter than what there is to say of it.
  if (content.size() > file.size()) content.assign(3, std::byte{0});
  const std::size_t instructions = content.size();
  std::vector<std::byte> prediction(file.size());
  const auto regions = internal::predict(base.bytes(), content, prediction);
  if (!regions) return regions.error();
  content.resize(instructions + file.size());
  internal::subtract(file, prediction, *regions, std::span(content).subspan(instructions));

  const auto delta = internal::write_delta_file(
      {end_of(base.bytes()), end_of(file), static_cast<std::uint32_t>(instructions), {}}, content);
  if (!delta) return delta.error();
  const auto again = apply_delta(base, *delta, file.size());
  if (!again) return again.error();
  if (!std::ranges::equal(*again, file)) {
    return Error{ErrorCode::kModelMeaning, "the delta does not make the model that it was made of"};
  }
  return delta;
}

Result<std::vector<std::byte>> apply_delta(const Model& base, std::span<const std::byte> delta,
                                           std::size_t max_bytes) {
  const Result<DeltaFile> file = internal::read_delta_file(delta);
  if (!file) return file.error();
  if (Status fits = check_base(file->base, end_of(base.bytes())); !fits) return fits.error();
  if (file->result.size > max_bytes) {
    return Error{ErrorCode::kRequestInvalid,
                 "the delta makes a model of " + std::to_string(file->result.size) +
                     " bytes, over the limit of " + std::to_string(max_bytes)};
  }
  const auto content = internal::unpack(*file);
  if (!content) return content.error();
  const auto parts = std::span(*content);
  std::vector<std::byte> result(file->result.size);
  const auto regions = internal::predict(base.bytes(), parts.first(file->instructions), result);
  if (!regions) return regions.error();
  internal::add(parts.subspan(file->instructions), *regions, result);
  if (auto body = internal::check_header(result); !body) return body.error();
  if (internal::stated_checksum(result) != file->result.checksum) {
    return Error{ErrorCode::kModelChecksum,
                 "the delta makes another model than it says: make it again"};
  }
  return result;
}

}  // namespace palate
