// The build with threads: what a worker needs that comes to help the session with its memory.
//
// The session's thread alone allocates memory, so nothing but what is called here is compiled for
// several threads.
#include "palate/threads.h"

#include <emscripten/bind.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "session.h"

namespace palate {
namespace {

using Address = std::uintptr_t;

constexpr std::size_t kStackBytes = std::size_t{1} << 16;

// Null where memory was refused. Made by the session's thread, before any helper comes.
Threads* threads() {
  static Threads* made = [] {
    Result<Threads> one = Threads::create(1);
    return one ? new Threads(std::move(*one)) : nullptr;  // lives as long as the instance
  }();
  return made;
}

// All that a helper calls, which returns when it is let go. Its instance begins with the stack of
// the session's; nothing of this function is on a stack.
void help(Address stack_top) {
  asm volatile(
      ".globaltype __stack_pointer, i32\n"
      "local.get %0\n"
      "global.set __stack_pointer"
      :
      : "r"(stack_top));
  threads()->serve();
}

bool share() { return threads() != nullptr && session().set_threads(threads()); }

// Before helpers go to another instance; this one goes on alone.
void let_go() {
  if (threads() == nullptr) return;
  session().set_threads(nullptr);
  threads()->end();
}

// In the table of functions.
std::uint32_t helper_entry() {
  return static_cast<std::uint32_t>(reinterpret_cast<Address>(&help));
}

// The upper end of memory for one helper's; 0 where memory is refused.
std::uint32_t helper_stack() {
  void* stack = std::malloc(kStackBytes);
  if (stack == nullptr) return 0;
  const Address top = reinterpret_cast<Address>(stack) + kStackBytes;
  return static_cast<std::uint32_t>(top & ~Address{15});
}

}  // namespace

EMSCRIPTEN_BINDINGS(threads) {
  emscripten::function("share", &share);
  emscripten::function("letGo", &let_go);
  emscripten::function("helperEntry", &helper_entry);
  emscripten::function("helperStack", &helper_stack);
}

}  // namespace palate
