// Whether the item vectors make sense, and then the encoder, each kind in a file of its own.
#include "model/check_encoder.h"

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
    case format::Encoder::WeightedMean:
      return check_weighted_mean(*model.encoder_as_WeightedMean(), mapped);
    case format::Encoder::ItemWeights:
      return check_item_weights(*model.encoder_as_ItemWeights(), mapped);
    case format::Encoder::Sequence:
      return check_sequence(*model.encoder_as_Sequence(), mapped);
    case format::Encoder::ValueFoldIn:
      return check_value_fold_in(*model.encoder_as_ValueFoldIn(), mapped);
    case format::Encoder::NONE:
      return meaning_error("the file", "has no encoder");
  }
  return unsupported_error("an encoder");
}

}  // namespace palate::internal
