// What a file is, by its first bytes.
#ifndef PALATE_DATA_FILE_KIND_H_
#define PALATE_DATA_FILE_KIND_H_

#include <cstdint>
#include <filesystem>

#include "palate/result.h"

namespace palate::internal {

enum class Compression { kNone, kGzip, kZstd };

struct FileKind {
  bool parquet = false;
  Compression compression = Compression::kNone;
  std::uint32_t gzip_size = 0;  ///< the length that a gzip file says it unpacks to, modulo 2^32
};

/// Opens the file and looks. A missing, unreadable or empty file, a folder and UTF-16 are errors.
Result<FileKind> look_at_file(const std::filesystem::path& path);

}  // namespace palate::internal

#endif  // PALATE_DATA_FILE_KIND_H_
