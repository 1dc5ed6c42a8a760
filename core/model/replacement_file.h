// A file written beside another, whose place it takes at once when it is whole.
#ifndef PALATE_MODEL_REPLACEMENT_FILE_H_
#define PALATE_MODEL_REPLACEMENT_FILE_H_

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

#include "palate/result.h"

namespace palate::internal {

/// Until `replace` succeeds the old file stands, and a replacement that is destroyed vanishes.
/// Errors are `kFileWrite` with the path, the step that failed and the system's reason; only
/// regular files are replaced.
class ReplacementFile {
 public:
  /// Makes an empty temporary file in the folder of `path`; where that is a link, of what it names.
  static Result<ReplacementFile> create(const std::filesystem::path& path);

  ReplacementFile(ReplacementFile&& other) noexcept;
  ReplacementFile& operator=(ReplacementFile&&) = delete;
  ~ReplacementFile();

  /// Appends.
  Status write(std::span<const std::byte> bytes);

  /// Flushes the file, renames it, flushes the folder. The last call.
  Status replace();

 private:
  ReplacementFile(std::filesystem::path path, std::filesystem::path target)
      : path_(std::move(path)), target_(std::move(target)) {}

  void open_temporary();
  Error system_error(std::string_view step) const;

  std::filesystem::path path_;       ///< as the caller names it
  std::filesystem::path target_;     ///< the file that it stands for
  std::filesystem::path temporary_;  ///< beside the target
  int descriptor_ = -1;
  bool renamed_ = false;
};

}  // namespace palate::internal

#endif  // PALATE_MODEL_REPLACEMENT_FILE_H_
