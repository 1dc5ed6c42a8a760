// Whether a value head makes sense.
#include "model/check.h"
#include "model/limits.h"
#include "palate/words.h"

namespace palate::internal {

Verdict check_value_head(const format::ValueHead& head, MappedModel& mapped) {
  ValueHeadView view{head.mean(),
                     span_of(head.item_bias()),
                     head.visitor_damping(),
                     head.slope(),
                     head.minimum(),
                     head.maximum()};
  if (view.item_bias.size() != mapped.items()) {
    return meaning_error("the value head"_words, "has not one bias an item"_words);
  }
  const bool sane = is_sane(view.mean) && is_sane(view.visitor_damping) && is_sane(view.slope) &&
                    is_sane(view.minimum) && is_sane(view.maximum) &&
                    largest_magnitude(view.item_bias) <= kMaxNumber;
  if (!sane) {
    return meaning_error("the value head"_words,
                         "has a number that is not finite or above 1e20"_words);
  }
  if (!(view.visitor_damping > 0))
    return meaning_error("the value head"_words, "has no damping"_words);
  if (!(view.minimum <= view.maximum)) {
    return meaning_error("the value head"_words, "has a minimum above its maximum"_words);
  }
  mapped.value_head = view;
  return kPassed;
}

}  // namespace palate::internal
