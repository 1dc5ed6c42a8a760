// The hash table from ids to rows.
#include "model/id_index.h"

#include <bit>
#include <cstring>

namespace palate::internal {

IdIndex::Outcome IdIndex::build(const TextsView& texts, const SipKey& key, std::uint32_t& row) {
  texts_ = texts;
  key_ = key;
  const std::size_t rows = texts.size();
  number_bits_ = 0xFFFFFFFF >> std::countl_zero(static_cast<std::uint32_t>(rows + 1));
  if (!slots_.allocate(rows + rows / 2 + 1)) return Outcome::kNoMemory;
  const std::span<std::uint32_t> slots = slots_.span();
  for (row = 0; row < rows; ++row) {
    std::uint32_t mark = 0;
    const std::size_t slot = slot_of(texts[row], mark);
    if (slots[slot] != 0) return Outcome::kRepeated;
    slots[slot] = mark | (row + 1);
  }
  return Outcome::kDone;
}

std::optional<std::uint32_t> IdIndex::find(std::string_view text) const {
  std::uint32_t mark = 0;
  const std::uint32_t entry = slots_.span()[slot_of(text, mark)];
  if (entry == 0) return std::nullopt;
  return (entry & number_bits_) - 1;
}

std::size_t IdIndex::slot_of(std::string_view text, std::uint32_t& mark) const {
  const std::span<const std::uint32_t> slots = slots_.span();
  const std::uint64_t hash = sip_hash(key_, text);
  mark = static_cast<std::uint32_t>(hash) & ~number_bits_;
  // The hash's upper half, taken as a fraction of the table (Lemire 2016): no division, any size.
  std::size_t slot = (hash >> 32) * slots.size() >> 32;
  for (; slots[slot] != 0; slot = slot + 1 == slots.size() ? 0 : slot + 1) {
    const std::uint32_t entry = slots[slot];
    if ((entry & ~number_bits_) != mark) continue;
    const std::string_view other = texts_[(entry & number_bits_) - 1];
    if (other.size() == text.size() && std::memcmp(other.data(), text.data(), text.size()) == 0) {
      break;
    }
  }
  return slot;
}

}  // namespace palate::internal
