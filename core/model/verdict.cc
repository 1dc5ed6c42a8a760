// The words of a verdict.
#include "model/verdict.h"

#include <string>
#include <utility>

namespace palate::internal {

Verdict meaning_error(const char* what, const char* why, std::uint32_t row) {
  return {Verdict::Finding::kMeaning, what, why, row};
}

Verdict unsupported_error(const char* what) { return {Verdict::Finding::kUnsupported, what}; }

Verdict memory_refused() { return {Verdict::Finding::kMemory}; }

Error error_of(const Verdict& verdict) {
  if (verdict.finding == Verdict::Finding::kMemory) return memory_error();
  if (verdict.finding == Verdict::Finding::kUnsupported) {
    std::string message("the model file has ");
    message.append(verdict.what).append(" that this build does not know: use a newer release");
    return {ErrorCode::kModelUnsupported, std::move(message)};
  }
  std::string message("the model file contradicts itself: ");
  message.append(verdict.what).append(" ").append(verdict.why);
  if (verdict.row != Verdict::kNoRow) {
    message.append(", see row ").append(std::to_string(verdict.row));
  }
  return {ErrorCode::kModelMeaning, std::move(message)};
}

Error memory_error() { return {ErrorCode::kMemory, "no memory"}; }  // short enough to need none

}  // namespace palate::internal
