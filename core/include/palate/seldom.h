// What few models or visitors ask for: a page loads the code for it with them only.
#ifndef PALATE_SELDOM_H_
#define PALATE_SELDOM_H_

#include <cstddef>
#include <span>
#include <utility>

namespace palate {

/// Whether the model file in `bytes` asks for anything that is called through `seldom`. False where
/// that cannot be read: opening the file says why. `bytes` lie at a multiple of 16.
bool asks_for_seldom(std::span<const std::byte> bytes);

/// Calls `kFunction` from where nothing inlines it. What no other call reaches goes into the page's
/// second file: wasm/split.py finds it by the name of this class. That has to be there by then:
/// `asks_for_seldom` says so of the model, or a function of that file was called before.
template <auto kFunction>
struct Seldom {
  template <class... Arguments>
  static auto call(Arguments... arguments) {
    return kFunction(std::forward<Arguments>(arguments)...);
  }
};

/// The same for a function of a class, its object's address given first. Not by std::invoke, which
/// would call it through a pointer.
template <class Object, class Result, class... Parameters,
          Result (Object::*kFunction)(Parameters...)>
struct Seldom<kFunction> {
  template <class Pointer, class... Arguments>
  static Result call(Pointer object, Arguments... arguments) {
    return (object->*kFunction)(std::forward<Arguments>(arguments)...);
  }
};

template <auto kFunction, class... Arguments>
auto seldom(Arguments&&... arguments) {
  // Volatile, or the compiler would see through it.
  auto* volatile function = &Seldom<kFunction>::template call<Arguments&&...>;
  return function(std::forward<Arguments>(arguments)...);
}

}  // namespace palate

#endif  // PALATE_SELDOM_H_
