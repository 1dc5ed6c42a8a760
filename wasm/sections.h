// What a page hands over, as one piece of memory: sections, and a catalogue of them.
#ifndef PALATE_WASM_SECTIONS_H_
#define PALATE_WASM_SECTIONS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "palate/model_writer.h"

namespace palate {

/// Sections, one after another, as js/src/sections.ts writes them: how many bytes as uint32, 4
/// bytes that are not read, then the bytes, up to the next multiple of 8. Texts are two: where each
/// begins and the last ends (uint32), and UTF-8. They are taken off the front; one that is not
/// whole is empty and leaves nothing behind it.
class Sections {
 public:
  explicit Sections(std::span<const std::byte> bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }
  bool damaged() const { return damaged_; }

  template <class T>
  std::vector<T> take() {
    const std::span<const std::byte> bytes = take_bytes();
    if (bytes.size() % sizeof(T) != 0) damaged_ = true;
    std::vector<T> numbers(bytes.size() / sizeof(T));
    if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(T));
    return numbers;
  }

  std::string take_text();
  std::vector<std::string> take_texts();

 private:
  std::span<const std::byte> take_bytes();

  std::span<const std::byte> rest_;
  bool damaged_ = false;
};

/// All sections that are left, as js/src/packed_items.ts writes them: ids and titles, texts of
/// which the titles may be none; then of each attribute its name (UTF-8), numbers (float), one an
/// item, or none, categories (texts), where an item's entries begin (uint32), entries (uint32).
Catalogue take_catalogue(Sections& sections);

/// Whether its parts are of one size and name each other.
bool fits(const Catalogue& items);

/// Whether all numbers are below `bound`.
bool below(const std::vector<std::uint32_t>& numbers, std::size_t bound);

}  // namespace palate

#endif  // PALATE_WASM_SECTIONS_H_
