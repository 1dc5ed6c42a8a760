// What a check of a model file has found: all well, or what is wrong with what.
#ifndef PALATE_MODEL_VERDICT_H_
#define PALATE_MODEL_VERDICT_H_

#include <cstdint>

#include "palate/result.h"

namespace palate::internal {

/// Four words that cost nothing to hand on, where a page would pay for each of its checks if they
/// were an Error with a text. The texts live for ever.
struct [[nodiscard]] Verdict {
  enum class Finding : std::uint8_t { kPassed, kMeaning, kUnsupported, kMemory };

  Finding finding = Finding::kPassed;
  const char* what = "";
  const char* why = "";
  std::uint32_t row = kNoRow;

  explicit operator bool() const { return finding == Finding::kPassed; }

  static constexpr std::uint32_t kNoRow = UINT32_MAX;
};

constexpr Verdict kPassed{};

/// "the model file contradicts itself: WHAT WHY", and where a row is given, which.
Verdict meaning_error(const char* what, const char* why, std::uint32_t row = Verdict::kNoRow);
/// For what a later release may know: "the model file has WHAT that this build does not know".
Verdict unsupported_error(const char* what);
Verdict memory_refused();

/// The error that a verdict other than `kPassed` stands for.
Error error_of(const Verdict& verdict);
Error memory_error();

}  // namespace palate::internal

#endif  // PALATE_MODEL_VERDICT_H_
