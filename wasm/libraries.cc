// What the page does without of the C and C++ libraries: printf, which two of their functions would
// bring along to word a message that nobody reads.
#include <__verbose_abort>
#include <cstring>

// Where libc++ cannot go on: a trap.
_LIBCPP_BEGIN_NAMESPACE_STD
void __libcpp_verbose_abort(const char* /*format*/, ...) { __builtin_trap(); }
_LIBCPP_END_NAMESPACE_STD

// By this Embind names a type that was never bound, and nothing else calls it.
extern "C" int siprintf(char* text, const char* /*format*/, ...) {
  std::strcpy(text, "unknown");
  return static_cast<int>(std::strlen(text));
}
