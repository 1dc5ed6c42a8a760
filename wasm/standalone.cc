// The error, and the functions by which the page reads it.
#include "standalone.h"

#include <emscripten/emscripten.h>

#include <utility>

namespace palate {
namespace {

// Both live as long as the instance; the first is there without any memory.
bool has_run_out_of_memory = false;

Error& error() {
  static Error& one = *new Error;
  return one;
}

}  // namespace

int failed(Error why) {
  error() = std::move(why);
  return 0;
}

void run_out_of_memory() {
  has_run_out_of_memory = true;
  __builtin_trap();
}

extern "C" {

/// Texts that end in a zero.
EMSCRIPTEN_KEEPALIVE const char* errorCode() { return error_name(error().code).data(); }
EMSCRIPTEN_KEEPALIVE const char* errorMessage() { return error().message.c_str(); }
EMSCRIPTEN_KEEPALIVE int ranOutOfMemory() { return has_run_out_of_memory ? 1 : 0; }

}  // extern "C"
}  // namespace palate
