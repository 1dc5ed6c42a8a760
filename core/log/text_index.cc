// Distinct texts, numbered in order of first appearance.
#include "log/text_index.h"

#include <cassert>

namespace palate::internal {
namespace {

std::uint32_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

}  // namespace

TextIndex::TextIndex() : slots_(1024) {}

std::size_t TextIndex::slot_of(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot].number != kFree &&
         (slots_[slot].hash != hash || texts_[slots_[slot].number] != text)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

std::uint32_t TextIndex::number_of(std::string_view text) {
  const std::uint32_t hash = hash_of(text);
  Slot& slot = slots_[slot_of(text, hash)];
  if (slot.number != kFree) return slot.number;
  assert(texts_.size() < kFree);
  const auto number = static_cast<std::uint32_t>(texts_.size());
  slot = {hash, number};
  texts_.emplace_back(text);
  if (texts_.size() * 2 > slots_.size()) grow();
  return number;
}

std::optional<std::uint32_t> TextIndex::find(std::string_view text) const {
  const Slot& slot = slots_[slot_of(text, hash_of(text))];
  if (slot.number == kFree) return std::nullopt;
  return slot.number;
}

void TextIndex::grow() {
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(old.size() * 2, Slot{});
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& taken : old) {
    if (taken.number == kFree) continue;
    std::size_t slot = taken.hash & mask;
    while (slots_[slot].number != kFree) slot = (slot + 1) & mask;
    slots_[slot] = taken;
  }
}

}  // namespace palate::internal
