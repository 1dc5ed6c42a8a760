// Differences of whole numbers are taken modulo 2^32 and written with their sign in the lowest bit:
// of floats that have changed little only the lower bytes are then not 0.
#include "delta/differences.h"

#include <cstdint>
#include <cstring>

namespace palate::internal {
namespace {

std::uint32_t load(std::span<const std::byte> file, std::size_t place) {
  std::uint32_t word = 0;
  std::memcpy(&word, file.data() + place, sizeof(word));
  return word;
}

void store(std::span<std::byte> file, std::size_t place, std::uint32_t word) {
  std::memcpy(file.data() + place, &word, sizeof(word));
}

std::uint32_t signed_last(std::uint32_t word) { return (word << 1) ^ (0 - (word >> 31)); }
std::uint32_t signed_first(std::uint32_t word) { return (word >> 1) ^ (0 - (word & 1)); }

// Calls `bytes(first, last)` and `words(region)` for all that they cover, in order.
template <class Bytes, class Words>
void visit(std::size_t size, std::span<const WordRegion> regions, Bytes bytes, Words words) {
  std::size_t place = 0;
  for (const WordRegion& region : regions) {
    bytes(place, region.place);
    words(region);
    place = region.place + 4 * region.count;
  }
  bytes(place, size);
}

}  // namespace

void subtract(std::span<const std::byte> file, std::span<const std::byte> prediction,
              std::span<const WordRegion> regions, std::span<std::byte> differences) {
  const auto bytes = [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      differences[i] = static_cast<std::byte>(std::to_integer<unsigned>(file[i]) -
                                              std::to_integer<unsigned>(prediction[i]));
    }
  };
  const auto words = [&](const WordRegion& region) {
    std::uint32_t previous = 0;
    for (std::size_t k = 0; k < region.count; ++k) {
      const std::size_t place = region.place + 4 * k;
      const std::uint32_t word = load(file, place);
      const std::uint32_t code =
          signed_last(word - (region.by_previous ? previous : load(prediction, place)));
      for (std::size_t byte = 0; byte < 4; ++byte) {
        differences[region.place + byte * region.count + k] =
            static_cast<std::byte>(code >> (8 * byte));
      }
      previous = word;
    }
  };
  visit(file.size(), regions, bytes, words);
}

void add(std::span<const std::byte> differences, std::span<const WordRegion> regions,
         std::span<std::byte> file) {
  const auto bytes = [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      file[i] = static_cast<std::byte>(std::to_integer<unsigned>(file[i]) +
                                       std::to_integer<unsigned>(differences[i]));
    }
  };
  const auto words = [&](const WordRegion& region) {
    std::uint32_t previous = 0;
    for (std::size_t k = 0; k < region.count; ++k) {
      std::uint32_t code = 0;
      for (std::size_t byte = 0; byte < 4; ++byte) {
        const std::byte part = differences[region.place + byte * region.count + k];
        code |= std::to_integer<std::uint32_t>(part) << (8 * byte);
      }
      const std::size_t place = region.place + 4 * k;
      previous = (region.by_previous ? previous : load(file, place)) + signed_first(code);
      store(file, place, previous);
    }
  };
  visit(file.size(), regions, bytes, words);
}

}  // namespace palate::internal
