// What the page does without of the C++ library: printf, which would come along to word a message
// that nobody reads.
#include <__verbose_abort>

// Where libc++ cannot go on: a trap.
_LIBCPP_BEGIN_NAMESPACE_STD
void __libcpp_verbose_abort(const char* /*format*/, ...) { __builtin_trap(); }
_LIBCPP_END_NAMESPACE_STD
