// What `check_encoder` hands over to: one check an encoder, and what encoders have in common.
#ifndef PALATE_MODEL_CHECK_ENCODER_H_
#define PALATE_MODEL_CHECK_ENCODER_H_

#include <cstddef>

#include "model/mapped.h"
#include "model/verdict.h"
#include "palate_generated.h"

namespace palate::internal {

// Each relies on the catalogue, the value head and the item vectors being mapped.
Verdict check_fold_in(const format::FoldIn& fold_in, MappedModel& mapped);
Verdict check_weighted_mean(const format::WeightedMean& mean, MappedModel& mapped);
Verdict check_sequence(const format::Sequence& sequence, MappedModel& mapped);
Verdict check_value_fold_in(const format::ValueFoldIn& fold_in, MappedModel& mapped);

/// Maps a second table of the item table's shape: floats, quantised, or neither, which leaves
/// `view` as it is.
Verdict check_second_table(const flatbuffers::Vector<float>* values,
                           const format::QuantizedMatrix* quantized, const char* what,
                           const TableView& items, TableView& view);

Verdict check_item_weights(const format::ItemWeights& rows, std::size_t items,
                           ItemWeightsView& view);
Verdict check_history_weights(const format::HistoryWeights& weights, HistoryWeightsView& view);

}  // namespace palate::internal

#endif  // PALATE_MODEL_CHECK_ENCODER_H_
