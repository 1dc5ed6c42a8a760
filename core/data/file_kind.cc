// What a file is, by its first bytes.
#include "data/file_kind.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>

namespace palate::internal {
namespace {

std::uint32_t read_gzip_size(std::ifstream& file) {
  std::array<unsigned char, 4> bytes{};
  file.clear();
  file.seekg(-4, std::ios::end);
  file.read(reinterpret_cast<char*>(bytes.data()), bytes.size());
  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

}  // namespace

Result<FileKind> look_at_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return Error{ErrorCode::kFileOpen, path.string() + ": is a folder, not a file"};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Error{ErrorCode::kFileOpen,
                 path.string() + ": cannot be opened: " + std::strerror(errno)};
  }
  std::array<char, 4> bytes{};
  file.read(bytes.data(), bytes.size());
  const std::string_view magic(bytes.data(), static_cast<std::size_t>(file.gcount()));
  if (magic.empty()) return Error{ErrorCode::kDataEmpty, path.string() + ": the file is empty"};
  if (magic.starts_with("\xff\xfe") || magic.starts_with("\xfe\xff")) {
    return Error{ErrorCode::kDataMalformed, path.string() +
                                                ": is UTF-16; turn it into UTF-8 first: "
                                                "iconv -f UTF-16 -t UTF-8 FILE > NEW"};
  }
  FileKind kind;
  kind.parquet = magic == "PAR1";
  if (magic.starts_with("\x1f\x8b")) {
    kind.compression = Compression::kGzip;
    kind.gzip_size = read_gzip_size(file);
  } else if (magic == "\x28\xb5\x2f\xfd") {
    kind.compression = Compression::kZstd;
  }
  return kind;
}

}  // namespace palate::internal
