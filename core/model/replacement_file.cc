// A file written beside another, whose place it takes at once when it is whole.
#include "model/replacement_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

namespace palate::internal {
namespace {

namespace fs = std::filesystem;

Error write_error(const fs::path& path, std::string_view step, std::string_view why) {
  std::string message = path.string();
  message.append(": cannot be written: ").append(step).append(": ").append(why);
  return {ErrorCode::kFileWrite, std::move(message)};
}

// The file that `path` stands for: what a link points at is replaced, not the link.
Result<fs::path> resolve(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return path;
  if (!fs::is_regular_file(status)) {
    return write_error(path, "replacing", "it is no regular file");
  }
  fs::path resolved = fs::canonical(path, error);
  if (error) return write_error(path, "resolving", error.message());
  return resolved;
}

// Makes a rename last. The folder is only opened to be flushed.
bool sync_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = fsync(descriptor) == 0;
  const int error = errno;
  close(descriptor);
  errno = error;
  return synced;
}

}  // namespace

Result<ReplacementFile> ReplacementFile::create(const fs::path& path) {
  Result<fs::path> target = resolve(path);
  if (!target) return target.error();
  ReplacementFile file(path, std::move(*target));
  file.open_temporary();
  if (file.descriptor_ < 0) return file.system_error("making a temporary file beside it");
  return file;
}

void ReplacementFile::open_temporary() {
  for (int attempt = 0; descriptor_ < 0 && attempt < 100; ++attempt) {
    temporary_ = target_;
    temporary_ += "." + std::to_string(getpid()) + "-" + std::to_string(attempt) + ".tmp";
    descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) return;
  }
}

ReplacementFile::ReplacementFile(ReplacementFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      temporary_(std::move(other.temporary_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      renamed_(other.renamed_) {}

ReplacementFile::~ReplacementFile() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  if (!renamed_) unlink(temporary_.c_str());
}

Error ReplacementFile::system_error(std::string_view step) const {
  return write_error(path_, step, std::strerror(errno));
}

Status ReplacementFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("writing");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return Done{};
}

Status ReplacementFile::replace() {
  if (fsync(descriptor_) != 0) return system_error("flushing");
  renamed_ = rename(temporary_.c_str(), target_.c_str()) == 0;
  if (!renamed_) return system_error("renaming");
  const fs::path folder = target_.parent_path();
  if (!sync_folder(folder.empty() ? fs::path(".") : folder)) {
    return system_error("flushing its folder");
  }
  return Done{};
}

}  // namespace palate::internal
