// Well-formed UTF-8, after the grammar of RFC 3629, section 4.
#include "model/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace palate::internal {
namespace {

// The length of a character by its first byte and the range its second byte may have.
struct Lead {
  std::size_t length;
  unsigned char low, high;
};

Lead lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

// Most texts are ASCII: eight bytes at a time.
std::size_t ascii_prefix(std::string_view bytes) {
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + at, 8);
    if ((word & 0x8080808080808080) != 0) break;
  }
  while (at < bytes.size() && static_cast<unsigned char>(bytes[at]) < 0x80) ++at;
  return at;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (bytes.remove_prefix(ascii_prefix(bytes)); !bytes.empty();
       bytes.remove_prefix(ascii_prefix(bytes))) {
    const Lead lead = lead_of(static_cast<unsigned char>(bytes[0]));
    if (lead.length == 0 || bytes.size() < lead.length) return false;
    const auto second = static_cast<unsigned char>(bytes[1]);
    if (second < lead.low || second > lead.high) return false;
    for (std::size_t i = 2; i < lead.length; ++i) {
      if (!continues_utf8(bytes[i])) return false;
    }
    bytes.remove_prefix(lead.length);
  }
  return true;
}

}  // namespace palate::internal
