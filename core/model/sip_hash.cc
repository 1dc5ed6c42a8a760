// SipHash as section 2 of the paper writes it, with one round a word and three at the end.
#include "model/sip_hash.h"

#include <bit>
#include <cstring>

namespace palate::internal {
namespace {

// A page hashes each id of its model as soon as the code has come, before a compiler has had time
// for it: nothing is called on the way.
struct State {
  std::uint64_t v0, v1, v2, v3;

  [[gnu::always_inline]] void round() {
    v0 += v1, v1 = std::rotl(v1, 13) ^ v0, v0 = std::rotl(v0, 32);
    v2 += v3, v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3, v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1, v1 = std::rotl(v1, 17) ^ v2, v2 = std::rotl(v2, 32);
  }
};

}  // namespace

std::uint64_t sip_hash(const SipKey& key, std::string_view text) {
  State state{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
              key[1] ^ 0x7465646279746573};
  const std::size_t words = text.size() / 8;
  // The bytes after the last whole word, and the length in the highest.
  std::uint64_t last = 0;
  for (std::size_t i = text.size(); i > words * 8; --i) {
    last = last << 8 | static_cast<unsigned char>(text[i - 1]);
  }
  last |= std::uint64_t{text.size()} << 56;
  constexpr std::size_t kEnd = 3;  // rounds after the last word
  for (std::size_t round = 0; round <= words + kEnd; ++round) {
    std::uint64_t word = round == words ? last : 0;
    if (round < words) std::memcpy(&word, text.data() + round * 8, sizeof(word));
    state.v3 ^= word;
    state.round();
    state.v0 ^= word;
    state.v2 ^= round == words ? 0xff : 0;
  }
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace palate::internal
