// An array of a size known once, which says so when there is no memory for it.
#ifndef PALATE_MODEL_FIXED_ARRAY_H_
#define PALATE_MODEL_FIXED_ARRAY_H_

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace palate::internal {

template <class T>
class FixedArray {
 public:
  /// Makes room for `size` values, each as its default. False: memory was refused.
  [[nodiscard]] bool allocate(std::size_t size) {
    data_.reset(new (std::nothrow) T[size]());
    size_ = data_ ? size : 0;
    return data_ != nullptr;
  }

  std::span<T> span() { return {data_.get(), size_}; }
  std::span<const T> span() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<T[]> data_;
  std::size_t size_ = 0;
};

}  // namespace palate::internal

#endif  // PALATE_MODEL_FIXED_ARRAY_H_
