// The sections of a model file, by name and place, with what is known of their rows.
#ifndef PALATE_DELTA_SECTIONS_H_
#define PALATE_DELTA_SECTIONS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "palate/model.h"

namespace palate::internal {

enum class SectionKind : std::uint8_t {
  kWhole,  ///< nothing is known of it
  kRows,   ///< an entry of the same size for each item
  kTexts,  ///< an entry for each item, laid end to end, with offsets elsewhere
};

/// How the section's numbers of 32 bits, if it has such, are best predicted.
enum class Words : std::uint8_t { kNone, kByBase, kByPrevious };

struct Section {
  std::string name;  ///< the same in every file for what is the same
  std::size_t place = 0;
  std::size_t size = 0;  ///< bytes, more than 0
  SectionKind kind = SectionKind::kWhole;
  Words words = Words::kNone;
  std::uint32_t unit = 1;         ///< bytes of an entry; of kTexts: bytes that its offsets count
  std::size_t offsets_place = 0;  ///< of kTexts
  std::span<const std::uint32_t> offsets;  ///< of kTexts: items + 1
};

/// All sections that are worth it, by place.
std::vector<Section> sections_of(const Model& model);

}  // namespace palate::internal

#endif  // PALATE_DELTA_SECTIONS_H_
