// Files that a command writes.
#include "output.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <system_error>

#include "palate/model_writer.h"

namespace palate::tools {
namespace {

Error cannot_write(const std::filesystem::path& path, const std::string& why) {
  return {ErrorCode::kFileWrite, "cannot write '" + path.string() + "': " + why};
}

}  // namespace

Status check_writable(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return cannot_write(path, "it is a folder; give the name of a file");
  }
  const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
  if (!std::filesystem::is_directory(parent, ignored)) {
    return cannot_write(path, "there is no folder '" + parent.string() + "'; make it first");
  }
  if (access(parent.c_str(), W_OK) != 0) {
    return cannot_write(path, "the folder '" + parent.string() + "': " + std::strerror(errno));
  }
  return Done{};
}

Status save_text(const std::filesystem::path& path, std::string_view text) {
  return save_file(path, std::as_bytes(std::span(text.data(), text.size())));
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace palate::tools
