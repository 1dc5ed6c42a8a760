// A whole file in aligned memory.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "model/limits.h"
#include "model/verdict.h"
#include "palate/model_writer.h"

namespace palate {
namespace {

Error open_error(const std::filesystem::path& path, std::string_view why) {
  return {ErrorCode::kFileOpen, path.string().append(": cannot be read: ").append(why)};
}

// A file that is open for reading until the end of the block.
class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

Result<FileBytes> FileBytes::allocate(std::size_t size) {
  constexpr std::size_t kAlignment = internal::kAlignment;
  // aligned_alloc wants a multiple of the alignment; an empty file gets some memory too.
  const std::size_t room = (size / kAlignment + 1) * kAlignment;
  FileBytes bytes;
  bytes.data_.reset(static_cast<std::byte*>(std::aligned_alloc(kAlignment, room)));
  if (!bytes.data_) return internal::memory_error();
  bytes.size_ = size;
  return bytes;
}

Result<FileBytes> FileBytes::copy_of(std::span<const std::byte> bytes) {
  Result<FileBytes> copy = allocate(bytes.size());
  if (copy) std::copy(bytes.begin(), bytes.end(), copy->data_.get());
  return copy;
}

Result<FileBytes> FileBytes::read(const std::filesystem::path& path) {
  const OpenFile file(path);
  struct stat facts {};
  if (!file.is_open() || fstat(file.descriptor(), &facts) != 0) {
    return open_error(path, std::strerror(errno));
  }
  if (!S_ISREG(facts.st_mode)) return open_error(path, "it is no regular file");
  if (static_cast<std::uint64_t>(facts.st_size) > internal::kMaxFileBytes) {
    return open_error(path, "it is larger than 2 GiB, so no model file");
  }
  Result<FileBytes> bytes = allocate(static_cast<std::size_t>(facts.st_size));
  if (!bytes) return bytes;
  for (std::size_t done = 0; done < bytes->size_;) {
    const ssize_t count = ::read(file.descriptor(), bytes->data_.get() + done, bytes->size_ - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return open_error(path, std::strerror(errno));
    if (count == 0) return open_error(path, "it became shorter while it was read");
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

void FileBytes::Free::operator()(std::byte* data) const { std::free(data); }

}  // namespace palate
