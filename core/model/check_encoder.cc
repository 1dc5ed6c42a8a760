// Whether the item vectors make sense, and then the encoder, each kind in a file of its own.
#include "model/check_encoder.h"

#include "model/check.h"
#include "model/limits.h"
#include "palate/seldom.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

constexpr const char* kItemTable = "the item table"_words;

template <class Matrix>
Verdict check_shape(const Matrix& matrix, MappedModel& mapped) {
  if (matrix.rows() != mapped.items())
    return meaning_error(kItemTable, "has not one row an item"_words);
  if (matrix.columns() == 0 || matrix.columns() > kMaxDimension) {
    return meaning_error(kItemTable, "has a dimension outside 1 to 1024"_words);
  }
  mapped.item_vectors.rows = matrix.rows();
  mapped.item_vectors.columns = matrix.columns();
  return kPassed;
}

Verdict check_item_vectors(const format::Model& model, MappedModel& mapped) {
  if (const format::QuantizedMatrix* matrix = model.quantized_item_vectors()) {
    if (model.item_vectors() != nullptr) return meaning_error(kItemTable, "is there twice"_words);
    if (Verdict verdict = check_shape(*matrix, mapped); !verdict) return verdict;
    return check_table(*matrix, kItemTable, mapped.item_vectors);
  }
  if (model.item_vectors() == nullptr) return kPassed;
  if (Verdict verdict = check_shape(*model.item_vectors(), mapped); !verdict) return verdict;
  return check_table(*model.item_vectors()->values(), kItemTable, mapped.item_vectors);
}

}  // namespace

Verdict check_second_table(const flatbuffers::Vector<float>* values,
                           const format::QuantizedMatrix* quantized, const char* what,
                           const TableView& items, TableView& view) {
  if (values == nullptr && quantized == nullptr) return kPassed;
  if (values != nullptr && quantized != nullptr) return meaning_error(what, "is there twice"_words);
  view = {};
  view.rows = items.rows;
  view.columns = items.columns;
  return values != nullptr ? check_table(*values, what, view) : check_table(*quantized, what, view);
}

Verdict check_encoder(const format::Model& model, MappedModel& mapped) {
  if (Verdict verdict = check_item_vectors(model, mapped); !verdict) return verdict;
  switch (model.encoder_type()) {
    case format::Encoder::Popularity:
      mapped.encoder = EncoderKind::kPopularity;
      return kPassed;
    case format::Encoder::FoldIn:
      return check_fold_in(*model.encoder_as_FoldIn(), mapped);
    case format::Encoder::WeightedMean:
      return seldom<&check_weighted_mean>(*model.encoder_as_WeightedMean(), mapped);
    case format::Encoder::ItemWeights:
      mapped.encoder = EncoderKind::kItemWeights;
      return seldom<&check_item_weights>(*model.encoder_as_ItemWeights(), mapped.items(),
                                         mapped.item_weights.emplace());
    case format::Encoder::Sequence:
      return check_sequence(*model.encoder_as_Sequence(), mapped);
    case format::Encoder::ValueFoldIn:
      return seldom<&check_value_fold_in>(*model.encoder_as_ValueFoldIn(), mapped);
    case format::Encoder::NONE:
      return meaning_error("the file"_words, "has no encoder"_words);
  }
  return unsupported_error("an encoder"_words);
}

}  // namespace palate::internal
