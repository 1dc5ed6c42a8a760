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
/// whose key is its own checksum cannot be made of texts that all fall together.
class IdIndex {
 public:
  enum class Outcome : std::uint8_t { kDone, kRepeated, kNoMemory };

  /// Indexes `texts`, whose bytes must stay. On `kRepeated`, `row` is that of the repetition.
  Outcome build(const TextsView& texts, const SipKey& key, std::uint32_t& row);

  std::optional<std::uint32_t> find(std::string_view text) const;

 private:
  static constexpr std::uint32_t kEmpty = 0xFFFFFFFF;

  // The slot that holds `text` or the empty one where it belongs.
  std::size_t slot_of(std::string_view text) const;

  TextsView texts_;
  SipKey key_{};
  FixedArray<std::uint32_t> slots_;  // rows of texts_
};

}  // namespace palate::internal

#endif  // PALATE_MODEL_ID_INDEX_H_
