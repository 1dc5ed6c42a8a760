// What makes a text unfit to be an id.
#include "data/id_fault.h"

#include <cstddef>

#include "data/parse.h"

namespace palate::internal {
namespace {

/// The longest id that is taken for one: a longer text is a column gone astray.
constexpr std::size_t kLongestId = 1024;

}  // namespace

const char* id_fault(std::string_view id) {
  if (trimmed(id).empty()) return "the id is missing";
  if (id.size() > kLongestId) return "the id is longer than 1024 bytes";
  if (id.find('\0') != std::string_view::npos) return "the id holds a NUL byte";
  return nullptr;
}

}  // namespace palate::internal
