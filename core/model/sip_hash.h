// SipHash-1-3 (Aumasson, Bernstein 2012): a hash whose collisions cannot be prepared without its
// key, in the variant for hash tables.
#ifndef PALATE_MODEL_SIP_HASH_H_
#define PALATE_MODEL_SIP_HASH_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace palate::internal {

using SipKey = std::array<std::uint64_t, 2>;

std::uint64_t sip_hash(const SipKey& key, std::string_view text);

}  // namespace palate::internal

#endif  // PALATE_MODEL_SIP_HASH_H_
