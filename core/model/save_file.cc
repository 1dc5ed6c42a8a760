// Puts bytes onto a disk so that a crash leaves the old file or the new one, never half of one.
#include "model/replacement_file.h"
#include "palate/model_writer.h"

namespace palate {

Status save_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  Result<internal::ReplacementFile> file = internal::ReplacementFile::create(path);
  if (!file) return file.error();
  const Status written = file->write(bytes);
  return written ? file->replace() : written;
}

}  // namespace palate
