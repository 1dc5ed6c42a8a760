// Scratch memory: grows, never shrinks, and says so when memory is refused.
#ifndef PALATE_RUNTIME_BUFFER_H_
#define PALATE_RUNTIME_BUFFER_H_

#include <cstddef>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <type_traits>

#include "palate/result.h"

namespace palate::internal {

/// Plain numbers in aligned memory with readable padding behind them, as vector kernels want it.
template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  static constexpr std::size_t kAlignment = 64;
  static constexpr std::size_t kPadding = 128;  ///< bytes

  /// Makes room for `count` entries. What stood there is lost when it grows.
  Status reserve(std::size_t count) {
    const std::size_t before = capacity_;
    Status status = allocate(count);
    if (status && capacity_ != before) {
      std::memset(static_cast<void*>(data_.get()), 0, capacity_ * sizeof(T) + kPadding);
    }
    return status;
  }

  /// The same, with entries that are yet to be written: memory that is not is never touched.
  Status allocate(std::size_t count) {
    if (count <= capacity_) return Done{};
    if (count > (std::numeric_limits<std::size_t>::max() - kPadding) / sizeof(T)) {
      return refused(count);
    }
    const std::size_t bytes = count * sizeof(T) + kPadding;
    data_.reset();
    capacity_ = 0;
    void* memory = ::operator new (bytes, std::align_val_t{kAlignment}, std::nothrow);
    if (memory == nullptr) return refused(count);
    data_.reset(static_cast<T*>(memory));
    capacity_ = count;
    return Done{};
  }

  /// Both for a table, whose number of entries may be more than a size can hold.
  Status reserve(std::size_t rows, std::size_t columns) { return reserve(entries(rows, columns)); }
  Status allocate(std::size_t rows, std::size_t columns) {
    return allocate(entries(rows, columns));
  }

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T& operator[](std::size_t index) { return data_.get()[index]; }
  const T& operator[](std::size_t index) const { return data_.get()[index]; }
  std::span<T> first(std::size_t count) { return {data_.get(), count}; }
  std::span<const T> first(std::size_t count) const { return {data_.get(), count}; }

 private:
  static std::size_t entries(std::size_t rows, std::size_t columns) {
    constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();  // always refused
    return columns != 0 && rows > kMost / columns ? kMost : rows * columns;
  }

  static Error refused(std::size_t count) {
    return {ErrorCode::kMemory, "no memory for " + std::to_string(count) + " entries of " +
                                    std::to_string(sizeof(T)) +
                                    " bytes; close other pages or "
                                    "use a smaller model"};
  }

  struct Free {
    void operator()(T* data) const { ::operator delete (data, std::align_val_t{kAlignment}); }
  };
  std::unique_ptr<T, Free> data_;
  std::size_t capacity_ = 0;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_BUFFER_H_
