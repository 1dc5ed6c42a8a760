// The memory of buffers.
#include "runtime/buffer.h"

#include <cstring>
#include <limits>
#include <new>

#include "model/sentence.h"

namespace palate::internal {
namespace {

constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();

Error refused(std::size_t count, std::size_t size) {
  return {ErrorCode::kMemory,
          sentence({"no memory for ", Digits(count), " entries of ", Digits(size),
                    " bytes; close other pages or use a smaller model"})};
}

}  // namespace

AlignedMemory::AlignedMemory(AlignedMemory&& other) noexcept = default;
AlignedMemory& AlignedMemory::operator=(AlignedMemory&& other) noexcept = default;
AlignedMemory::~AlignedMemory() = default;

Status AlignedMemory::take(std::size_t count, std::size_t size, bool zeroed) {
  if (count <= capacity_) return Done{};
  if (count > (kMost - kPadding) / size) return refused(count, size);
  const std::size_t bytes = count * size + kPadding;
  data_.reset();
  capacity_ = 0;
  data_.reset(::operator new (bytes, std::align_val_t{kAlignment}, std::nothrow));
  if (data_ == nullptr) return refused(count, size);
  capacity_ = count;
  if (zeroed) std::memset(data_.get(), 0, bytes);
  return Done{};
}

std::size_t AlignedMemory::entries(std::size_t rows, std::size_t columns) {
  return columns != 0 && rows > kMost / columns ? kMost : rows * columns;
}

void AlignedMemory::Free::operator()(void* data) const {
  ::operator delete (data, std::align_val_t{kAlignment});
}

}  // namespace palate::internal
