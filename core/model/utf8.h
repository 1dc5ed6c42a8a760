// Whether bytes are well-formed UTF-8.
#ifndef PALATE_MODEL_UTF8_H_
#define PALATE_MODEL_UTF8_H_

#include <string_view>

namespace palate::internal {

/// Well-formed as RFC 3629 says: no overlong form, no surrogate, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

/// Whether `byte` may only stand inside a character, never at its start.
constexpr bool continues_utf8(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

}  // namespace palate::internal

#endif  // PALATE_MODEL_UTF8_H_
