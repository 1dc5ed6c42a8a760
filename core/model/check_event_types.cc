// Whether the types of events make sense: few, and each a name of its own.
#include <algorithm>

#include "model/check.h"
#include "model/limits.h"
#include "palate/words.h"

namespace palate::internal {

Verdict check_event_types(const format::Texts& types, MappedModel& mapped) {
  const std::size_t count = std::max<std::size_t>(types.offsets()->size(), 1) - 1;
  if (count > kMaxEventTypes)
    return meaning_error("the file"_words, "has over 64 types of events"_words);
  TextsView& names = mapped.event_types;
  Verdict verdict = check_texts(types, count, 1, kMaxIdBytes, "types of events"_words, names);
  if (!verdict) return verdict;
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t before = 0; before < row; ++before) {
      if (names[before] == names[row])
        return meaning_error("types of events"_words, "are not unique"_words);
    }
  }
  return kPassed;
}

}  // namespace palate::internal
