// Distinct texts, numbered in order of first appearance.
#ifndef PALATE_LOG_TEXT_INDEX_H_
#define PALATE_LOG_TEXT_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace palate::internal {

/// A hash table (open addressing, FNV-1a) over texts that it keeps in a vector. Only a text seen
/// for the first time allocates.
class TextIndex {
 public:
  TextIndex();

  /// The number of `text`, which is taken up when it is new.
  std::uint32_t number_of(std::string_view text);

  /// The number of `text` if it was taken up before.
  std::optional<std::uint32_t> find(std::string_view text) const;

  std::size_t size() const { return texts_.size(); }
  std::span<const std::string> texts() const { return texts_; }

  /// Hands over the texts; the index is empty and unusable afterwards.
  std::vector<std::string> release() && { return std::move(texts_); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = kFree;
  };
  static constexpr std::uint32_t kFree = 0xffffffff;

  std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  void grow();

  std::vector<std::string> texts_;
  std::vector<Slot> slots_;  // a power of two, at most half full
};

}  // namespace palate::internal

#endif  // PALATE_LOG_TEXT_INDEX_H_
