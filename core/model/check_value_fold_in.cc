// Whether a fold-in of values makes sense.
#include <cmath>

#include "model/check.h"
#include "model/check_encoder.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

// What the values are held against, which every score begins with.
Verdict check_baseline(const MappedModel& mapped) {
  if (!mapped.value_head)
    return meaning_error("the value fold-in"_words, "has no value head"_words);
  if (!(std::abs(mapped.value_head->mean) <= kMaxMagnitude) ||
      !(largest_magnitude(mapped.value_head->item_bias) <= kMaxMagnitude)) {
    return meaning_error("the value fold-in"_words, "has a mean or a bias above a million"_words);
  }
  return kPassed;
}

}  // namespace

Verdict check_value_fold_in(const format::ValueFoldIn& fold_in, MappedModel& mapped) {
  const TableView& table = mapped.item_vectors;
  if (table.rows == 0) return meaning_error("the value fold-in"_words, "has no item table"_words);
  if (Verdict verdict = check_baseline(mapped); !verdict) return verdict;
  if (!(fold_in.regularization() > 0 && fold_in.regularization() <= kMaxMagnitude)) {
    return meaning_error("the value fold-in"_words,
                         "has a regularization outside 0 to a million"_words);
  }
  if (!(fold_in.exponent() >= 0 && fold_in.exponent() <= 1)) {
    return meaning_error("the value fold-in"_words, "has an exponent outside 0 to 1"_words);
  }
  mapped.encoder = EncoderKind::kValueFoldIn;
  ValueFoldInView& view = mapped.value_fold_in.emplace();
  view.regularization = fold_in.regularization();
  view.exponent = fold_in.exponent();
  view.by_cosine = fold_in.by_cosine();
  return check_second_table(fold_in.implicit_vectors(), fold_in.quantized_implicit_vectors(),
                            "the implicit table"_words, table, view.implicit_vectors);
}

}  // namespace palate::internal
