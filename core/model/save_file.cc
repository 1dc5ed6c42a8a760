// Puts bytes onto a disk so that a crash leaves the old file or the new one, never half of one.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "palate/model_writer.h"

namespace palate {
namespace {

namespace fs = std::filesystem;

Error write_error(const fs::path& path, std::string_view step, std::string_view why) {
  std::string message = path.string();
  message.append(": cannot be written: ").append(step).append(": ").append(why);
  return {ErrorCode::kFileWrite, std::move(message)};
}

Error system_error(const fs::path& path, std::string_view step) {
  return write_error(path, step, std::strerror(errno));
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

// A new file beside the target. Whatever happens before `rename_to` succeeds, it vanishes again.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target) {
    for (int attempt = 0; descriptor_ < 0 && attempt < 100; ++attempt) {
      path_ = target;
      path_ += "." + std::to_string(getpid()) + "-" + std::to_string(attempt) + ".tmp";
      descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (descriptor_ < 0 && errno != EEXIST) return;
    }
  }
  ~TemporaryFile() {
    if (descriptor_ < 0) return;
    close(descriptor_);
    if (!renamed_) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  bool is_open() const { return descriptor_ >= 0; }

  bool write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
  }

  bool sync() { return fsync(descriptor_) == 0; }

  bool rename_to(const fs::path& target) {
    renamed_ = rename(path_.c_str(), target.c_str()) == 0;
    return renamed_;
  }

 private:
  fs::path path_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

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

Status save_file(const fs::path& path, std::span<const std::byte> bytes) {
  const Result<fs::path> target = resolve(path);
  if (!target) return target.error();
  TemporaryFile file(*target);
  if (!file.is_open()) return system_error(path, "making a temporary file beside it");
  if (!file.write(bytes)) return system_error(path, "writing");
  if (!file.sync()) return system_error(path, "flushing");
  if (!file.rename_to(*target)) return system_error(path, "renaming");
  const fs::path folder = target->parent_path();
  if (!sync_folder(folder.empty() ? fs::path(".") : folder)) {
    return system_error(path, "flushing its folder");
  }
  return Done{};
}

}  // namespace palate
