// From an id to its row: a hash table over texts that stay where they are.
#ifndef PALATE_MODEL_ID_INDEX_H_
#define PALATE_MODEL_ID_INDEX_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/fixed_array.h"
#include "model/sip_hash.h"
#include "palate/model.h"

namespace palate::internal {

/// Open addressing with linear probing; 6 bytes a text. The key decides where texts fall, so a file
/// whose key is its own checksum cannot be made of texts that all fall together. Beside a row an
/// entry holds as much of its text's hash as there are bits left: other texts are seldom looked at.
class IdIndex {
 public:
  enum class Outcome : std::uint8_t { kDone, kRepeated, kNoMemory };

  /// Indexes `texts`, whose bytes must stay. On `kRepeated`, `row` is that of the repetition.
  Outcome build(const TextsView& texts, const SipKey& key, std::uint32_t& row);

  std::optional<std::uint32_t> find(std::string_view text) const;

 private:
  // The slot that holds `text`, or the empty one where it belongs; `mark`: what its entry holds of
  // its hash.
  std::size_t slot_of(std::string_view text, std::uint32_t& mark) const;

  TextsView texts_;
  SipKey key_{};
  std::uint32_t number_bits_ = 0;    // of an entry: the row and one; the others are the mark
  FixedArray<std::uint32_t> slots_;  // entries, 0 where there is none
};

}  // namespace palate::internal

#endif  // PALATE_MODEL_ID_INDEX_H_
