// Embind's half in C++: makes known the types that bindings.cc passes. Emscripten's own makes known
// all that Embind can pass, with names that JavaScript does not ask for, and a page would download
// them.
#include <emscripten/bind.h>

#include <limits>
#include <string>

namespace emscripten::internal {
namespace {

// embind.js knows types by their addresses.
constexpr const char* kNoName = "";

template <class T>
void register_integer() {
  _embind_register_integer(TypeID<T>::get(), kNoName, sizeof(T), std::numeric_limits<T>::min(),
                           std::numeric_limits<T>::max());
}

template <class T>
void register_float() {
  _embind_register_float(TypeID<T>::get(), kNoName, sizeof(T));
}

}  // namespace

EMSCRIPTEN_BINDINGS(types) {
  _embind_register_void(TypeID<void>::get(), kNoName);
  _embind_register_bool(TypeID<bool>::get(), kNoName, true, false);
  register_integer<unsigned int>();
  register_integer<unsigned long>();
  register_float<float>();
  register_float<double>();
  _embind_register_std_string(TypeID<std::string>::get(), kNoName);
}

// A thread that Emscripten starts would bind once more; ours call no bindings.
extern "C" void _embind_register_bindings(InitFunc* /*bindings*/) {}

}  // namespace emscripten::internal
