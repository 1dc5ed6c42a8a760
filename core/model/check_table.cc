// Whether a table of vectors makes sense, in floats or quantised.
#include "model/check.h"
#include "model/limits.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

// The largest scale with which no number can exceed kMaxMagnitude, whatever the codes.
float largest_scale(Precision precision) {
  return kMaxMagnitude / (precision == Precision::kInt8 ? 128 : 8);
}

bool is_aligned(const void* section) {
  return reinterpret_cast<std::uintptr_t>(section) % kAlignment == 0;
}

Verdict check_scales(const char* what, const TableView& view) {
  if (view.scales.size() != view.rows) return meaning_error(what, "has not one scale a row"_words);
  const float largest = largest_scale(view.precision);
  for (const float scale : view.scales) {
    if (!(scale >= 0 && scale <= largest)) {
      return meaning_error(what,
                           "has a scale that is negative, not finite or above a million"_words);
    }
  }
  return kPassed;
}

}  // namespace

Verdict check_table(const flatbuffers::Vector<float>& values, const char* what, TableView& view) {
  view.precision = Precision::kFloat32;
  return check_parameters(values, std::uint64_t{view.rows} * view.columns, what, view.values);
}

Verdict check_table(const format::QuantizedMatrix& matrix, const char* what, TableView& view) {
  if (matrix.rows() != view.rows || matrix.columns() != view.columns) {
    return meaning_error(what, "is of another shape than the items ask"_words);
  }
  if (matrix.bits() != 8 && matrix.bits() != 4)
    return unsupported_error("a table of a precision"_words);
  view.precision = matrix.bits() == 8 ? Precision::kInt8 : Precision::kInt4;
  view.scales = span_of(matrix.scales());
  view.codes = span_of(matrix.codes());
  if (view.codes.size() != std::uint64_t{view.rows} * view.row_bytes()) {
    return meaning_error(what, "has another length than its shape asks"_words);
  }
  if (!is_aligned(view.codes.data()) || !is_aligned(view.scales.data())) {
    return meaning_error(what, "does not start at a multiple of 16 bytes"_words);
  }
  return check_scales(what, view);
}

}  // namespace palate::internal
