// Whether a fold-in encoder makes sense.
#include "model/check.h"
#include "model/check_encoder.h"
#include "model/limits.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

Verdict check_gramian(std::span<const float> gramian, std::uint64_t dimension) {
  if (gramian.size() != dimension * (dimension + 1) / 2) {
    return meaning_error("the Gramian"_words, "has another dimension than the item table"_words);
  }
  if (!(largest_magnitude(gramian) <= kMaxNumber)) {
    return meaning_error("the Gramian"_words,
                         "has a number that is not finite or above 1e20"_words);
  }
  std::size_t at = 0;
  for (std::size_t row = 0; row < dimension; ++row) {
    if (gramian[at + row] < 0)
      return meaning_error("the Gramian"_words, "has a negative diagonal"_words);
    at += row + 1;
  }
  return kPassed;
}

}  // namespace

Verdict check_fold_in(const format::FoldIn& fold_in, MappedModel& mapped) {
  if (mapped.item_vectors.rows == 0) {
    return meaning_error("the fold-in encoder"_words, "has no item table"_words);
  }
  FoldInView view{span_of(fold_in.gramian()), fold_in.unobserved_weight(), fold_in.regularization(),
                  fold_in.exponent()};
  if (!(view.unobserved_weight >= 0 && view.unobserved_weight <= kMaxMagnitude)) {
    return meaning_error("the fold-in encoder"_words,
                         "has an unobserved weight outside 0 to a million"_words);
  }
  if (!(view.regularization > 0 && view.regularization <= kMaxMagnitude)) {
    return meaning_error("the fold-in encoder"_words,
                         "has a regularization outside 0 to a million"_words);
  }
  if (!(view.exponent >= 0 && view.exponent <= 1)) {
    return meaning_error("the fold-in encoder"_words, "has an exponent outside 0 to 1"_words);
  }
  mapped.encoder = EncoderKind::kFoldIn;
  mapped.fold_in = view;
  return check_gramian(view.gramian, mapped.item_vectors.columns);
}

}  // namespace palate::internal
