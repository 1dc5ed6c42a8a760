// Whether item vectors, an encoder and a value head make sense.
#include "model/check.h"
#include "model/limits.h"

namespace palate::internal {
namespace {

Status check_item_vectors(const format::Matrix& matrix, MappedModel& mapped) {
  MatrixView& view = mapped.item_vectors;
  if (matrix.rows() != mapped.items()) {
    return meaning_error("the item table", "has not one row an item");
  }
  if (matrix.columns() == 0 || matrix.columns() > kMaxDimension) {
    return meaning_error("the item table", "has a dimension outside 1 to 1024");
  }
  view.rows = matrix.rows();
  view.columns = matrix.columns();
  return check_parameters(*matrix.values(), std::uint64_t{view.rows} * view.columns,
                          "the item table", view.values);
}

Status check_gramian(std::span<const float> gramian, std::uint64_t dimension) {
  if (gramian.size() != dimension * (dimension + 1) / 2) {
    return meaning_error("the Gramian", "has another dimension than the item table");
  }
  if (!(largest_magnitude(gramian) <= kMaxNumber)) {
    return meaning_error("the Gramian", "has a number that is not finite or above 1e20");
  }
  std::size_t at = 0;
  for (std::size_t row = 0; row < dimension; ++row) {
    if (gramian[at + row] < 0) return meaning_error("the Gramian", "has a negative diagonal");
    at += row + 1;
  }
  return Done{};
}

Status check_fold_in(const format::FoldIn& fold_in, MappedModel& mapped) {
  if (mapped.item_vectors.rows == 0) {
    return meaning_error("the fold-in encoder", "has no item table");
  }
  FoldInView view{span_of(fold_in.gramian()), fold_in.unobserved_weight(), fold_in.regularization(),
                  fold_in.exponent()};
  if (!(view.unobserved_weight >= 0 && view.unobserved_weight <= kMaxMagnitude)) {
    return meaning_error("the fold-in encoder", "has an unobserved weight outside 0 to a million");
  }
  if (!(view.regularization > 0 && view.regularization <= kMaxMagnitude)) {
    return meaning_error("the fold-in encoder", "has a regularization outside 0 to a million");
  }
  if (!(view.exponent >= 0 && view.exponent <= 1)) {
    return meaning_error("the fold-in encoder", "has an exponent outside 0 to 1");
  }
  mapped.encoder = EncoderKind::kFoldIn;
  mapped.fold_in = view;
  return check_gramian(view.gramian, mapped.item_vectors.columns);
}

}  // namespace

Status check_encoder(const format::Model& model, MappedModel& mapped) {
  if (model.item_vectors() != nullptr) {
    Status status = check_item_vectors(*model.item_vectors(), mapped);
    if (!status) return status;
  }
  switch (model.encoder_type()) {
    case format::Encoder::Popularity:
      mapped.encoder = EncoderKind::kPopularity;
      return Done{};
    case format::Encoder::FoldIn:
      return check_fold_in(*model.encoder_as_FoldIn(), mapped);
    case format::Encoder::NONE:
      return meaning_error("the file", "has no encoder");
  }
  return unsupported_error("an encoder");
}

Status check_value_head(const format::ValueHead& head, MappedModel& mapped) {
  ValueHeadView view{head.mean(),
                     span_of(head.item_bias()),
                     head.visitor_damping(),
                     head.slope(),
                     head.minimum(),
                     head.maximum()};
  if (view.item_bias.size() != mapped.items()) {
    return meaning_error("the value head", "has not one bias an item");
  }
  const bool sane = is_sane(view.mean) && is_sane(view.visitor_damping) && is_sane(view.slope) &&
                    is_sane(view.minimum) && is_sane(view.maximum) &&
                    largest_magnitude(view.item_bias) <= kMaxNumber;
  if (!sane) {
    return meaning_error("the value head", "has a number that is not finite or above 1e20");
  }
  if (!(view.visitor_damping > 0)) return meaning_error("the value head", "has no damping");
  if (!(view.minimum <= view.maximum)) {
    return meaning_error("the value head", "has a minimum above its maximum");
  }
  mapped.value_head = view;
  return Done{};
}

}  // namespace palate::internal
