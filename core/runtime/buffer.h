// Scratch memory: grows, never shrinks, and says so when memory is refused.
#ifndef PALATE_RUNTIME_BUFFER_H_
#define PALATE_RUNTIME_BUFFER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

#include "palate/result.h"

namespace palate::internal {

/// What buffers of all types have in common: compiled once, where a page would pay for each type.
class AlignedMemory {
 public:
  static constexpr std::size_t kAlignment = 64;
  static constexpr std::size_t kPadding = 128;  ///< bytes

  // Out of line: aggregates of many buffers are moved.
  AlignedMemory() = default;
  AlignedMemory(AlignedMemory&& other) noexcept;
  AlignedMemory& operator=(AlignedMemory&& other) noexcept;
  ~AlignedMemory();

  /// Makes room for `count` entries of `size` bytes, all zero if it grows and `zeroed` is set.
  Status take(std::size_t count, std::size_t size, bool zeroed);

  void* data() const { return data_.get(); }

  /// rows * columns, or where that is more than a size can hold a number that is always refused.
  static std::size_t entries(std::size_t rows, std::size_t columns);

 private:
  struct Free {
    void operator()(void* data) const;
  };
  std::unique_ptr<void, Free> data_;
  std::size_t capacity_ = 0;  // entries
};

/// Plain numbers in aligned memory with readable padding behind them, as vector kernels want it.
template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  static constexpr std::size_t kAlignment = AlignedMemory::kAlignment;
  static constexpr std::size_t kPadding = AlignedMemory::kPadding;

  /// Makes room for `count` entries. What stood there is lost when it grows.
  Status reserve(std::size_t count) { return memory_.take(count, sizeof(T), true); }

  /// The same, with entries that are yet to be written: memory that is not is never touched.
  Status allocate(std::size_t count) { return memory_.take(count, sizeof(T), false); }

  /// Both for a table, whose number of entries may be more than a size can hold.
  Status reserve(std::size_t rows, std::size_t columns) {
    return reserve(AlignedMemory::entries(rows, columns));
  }
  Status allocate(std::size_t rows, std::size_t columns) {
    return allocate(AlignedMemory::entries(rows, columns));
  }

  T* data() { return static_cast<T*>(memory_.data()); }
  const T* data() const { return static_cast<const T*>(memory_.data()); }
  T& operator[](std::size_t index) { return data()[index]; }
  const T& operator[](std::size_t index) const { return data()[index]; }
  std::span<T> first(std::size_t count) { return {data(), count}; }
  std::span<const T> first(std::size_t count) const { return {data(), count}; }

 private:
  AlignedMemory memory_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_BUFFER_H_
