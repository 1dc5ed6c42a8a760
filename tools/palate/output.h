// Files that a command writes: checked before the work begins, replaced at once when it is done.
#ifndef PALATE_TOOLS_OUTPUT_H_
#define PALATE_TOOLS_OUTPUT_H_

#include <filesystem>
#include <string>
#include <string_view>

#include "palate/result.h"

namespace palate::tools {

/// Fails with `kFileWrite` where `path` is a folder, or its folder is missing or read-only: better
/// known before an hour of training than after.
Status check_writable(const std::filesystem::path& path);

/// `save_file` for text.
Status save_text(const std::filesystem::path& path, std::string_view text);

/// A field of a CSV file, quoted where RFC 4180 asks for it.
std::string csv_field(std::string_view text);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_OUTPUT_H_
