// The hash table from ids to rows.
#include "model/id_index.h"

#include <algorithm>

namespace palate::internal {

IdIndex::Outcome IdIndex::build(const TextsView& texts, const SipKey& key, std::uint32_t& row) {
  texts_ = texts;
  key_ = key;
  const std::size_t rows = texts.size();
  if (!slots_.allocate(rows + rows / 2 + 1)) return Outcome::kNoMemory;
  const std::span<std::uint32_t> slots = slots_.span();
  std::fill(slots.begin(), slots.end(), kEmpty);
  for (row = 0; row < rows; ++row) {
    const std::size_t slot = slot_of(texts[row]);
    if (slots[slot] != kEmpty) return Outcome::kRepeated;
    slots[slot] = row;
  }
  return Outcome::kDone;
}

std::optional<std::uint32_t> IdIndex::find(std::string_view text) const {
  const std::uint32_t row = slots_.span()[slot_of(text)];
  if (row == kEmpty) return std::nullopt;
  return row;
}

std::size_t IdIndex::slot_of(std::string_view text) const {
  const std::span<const std::uint32_t> slots = slots_.span();
  // The hash's upper half, taken as a fraction of the table (Lemire 2016): no division, any size.
  std::size_t slot = (sip_hash(key_, text) >> 32) * slots.size() >> 32;
  while (slots[slot] != kEmpty && texts_[slots[slot]] != text) {
    if (++slot == slots.size()) slot = 0;
  }
  return slot;
}

}  // namespace palate::internal
