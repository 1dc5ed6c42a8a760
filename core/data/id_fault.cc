// What makes a text unfit to be an id.
#include "data/id_fault.h"

#include "data/parse.h"
#include "model/limits.h"

namespace palate::internal {

const char* id_fault(std::string_view id) {
  if (trimmed(id).empty()) return "the id is missing";
  if (id.size() > kMaxIdBytes) return "the id is longer than 1024 bytes";
  if (id.find('\0') != std::string_view::npos) return "the id holds a NUL byte";
  return nullptr;
}

}  // namespace palate::internal
