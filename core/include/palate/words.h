// Words that hardly any page reads, and that a page loads only to read them.
#ifndef PALATE_WORDS_H_
#define PALATE_WORDS_H_

#include <algorithm>
#include <cstddef>
#include <string>

#include "palate/result.h"
#include "palate/seldom.h"

namespace palate {

/// A text as an argument of templates.
template <std::size_t kSize>
struct Text {
  char bytes[kSize];

  consteval Text(const char (&text)[kSize]) { std::copy_n(text, kSize, bytes); }
};

template <Text kText>
struct Words {
#ifdef __EMSCRIPTEN__
  // By the name of this section wasm/split.py finds them.
  [[gnu::section("words")]]
#endif
  static constexpr Text kWords = kText;
};

/// For what is wrong with a model file, and for what the page's second file alone says: there these
/// words are. Until it is loaded, zeros stand in their place.
template <Text kText>
constexpr const char* operator""_words() {
  return Words<kText>::kWords.bytes;
}

/// Whether they are there.
inline bool has_words() {
  // Volatile, or the compiler would know.
  return *static_cast<const volatile char*>("here"_words) != 0;
}

/// An error of the text that `kText` makes of the arguments; of none until there are words: opening
/// the file again says it.
template <auto kText, class... Arguments>
Error error_in_words(ErrorCode code, const Arguments&... arguments) {
  return {code, has_words() ? seldom<kText>(arguments...) : std::string()};
}

}  // namespace palate

#endif  // PALATE_WORDS_H_
