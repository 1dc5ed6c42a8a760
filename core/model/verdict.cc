// The words of a verdict.
#include "model/verdict.h"

#include <string>

#include "model/sentence.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

std::string text_of_unknown(const Verdict& verdict) {
  return sentence({"the model file has "_words, verdict.what,
                   " that this build does not know: use a newer release"_words});
}

std::string text_of_contradiction(const Verdict& verdict) {
  const std::string text =
      sentence({"the model file contradicts itself: "_words, verdict.what, " ", verdict.why});
  if (verdict.row == Verdict::kNoRow) return text;
  return sentence({text, ", see row "_words, Digits(verdict.row)});
}

}  // namespace

Verdict meaning_error(const char* what, const char* why, std::uint32_t row) {
  return {Verdict::Finding::kMeaning, what, why, row};
}

Verdict unsupported_error(const char* what) { return {Verdict::Finding::kUnsupported, what}; }

Verdict memory_refused() { return {Verdict::Finding::kMemory}; }

Error error_of(const Verdict& verdict) {
  switch (verdict.finding) {
    case Verdict::Finding::kMemory:
      return memory_error();
    case Verdict::Finding::kUnsupported:
      return error_in_words<&text_of_unknown>(ErrorCode::kModelUnsupported, verdict);
    default:
      return error_in_words<&text_of_contradiction>(ErrorCode::kModelMeaning, verdict);
  }
}

Error memory_error() { return {ErrorCode::kMemory, "no memory"}; }  // short enough to need none

}  // namespace palate::internal
