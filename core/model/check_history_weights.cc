// Whether the weights of a history make sense.
#include <algorithm>

#include "model/check.h"
#include "model/check_encoder.h"
#include "model/limits.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

bool is_fraction(float number) { return number >= 0 && number <= 1; }

}  // namespace

Verdict check_history_weights(const format::HistoryWeights& weights, HistoryWeightsView& view) {
  view = {span_of(weights.recency()), weights.popularity_exponent(), weights.length_exponent()};
  if (view.recency.size() > kMaxPlaces) {
    return meaning_error("the encoder"_words, "has recency for over 4096 places"_words);
  }
  if (!std::all_of(view.recency.begin(), view.recency.end(),
                   [](float factor) { return factor >= 0 && factor <= kMaxMagnitude; })) {
    return meaning_error("the encoder"_words, "has a recency outside 0 to a million"_words);
  }
  if (!view.recency.empty() && largest_magnitude(view.recency) == 0) {
    return meaning_error("the encoder"_words, "has a recency of 0 for all places"_words);
  }
  if (!is_fraction(view.popularity_exponent) || !is_fraction(view.length_exponent)) {
    return meaning_error("the encoder"_words,
                         "has an exponent of its weights outside 0 to 1"_words);
  }
  return kPassed;
}

}  // namespace palate::internal
