// The encoder of a model file, and what its ranker has beside it.
#include <cassert>

#include "model/section_bytes.h"
#include "model/write_parts.h"

namespace palate::internal {
namespace {

Offset<format::FoldIn> add_fold_in(FlatBufferBuilder& builder, const FoldIn& fold_in) {
  return format::CreateFoldIn(builder, add_parameters(builder, fold_in.gramian),
                              fold_in.unobserved_weight, fold_in.regularization, fold_in.exponent);
}

Offset<format::HistoryWeights> add_history_weights(FlatBufferBuilder& builder,
                                                   const HistoryWeights& weights) {
  Offset<Vector<float>> recency;
  if (!weights.recency.empty()) recency = builder.CreateVector(weights.recency);
  return format::CreateHistoryWeights(builder, recency, weights.popularity_exponent,
                                      weights.length_exponent);
}

Offset<format::WeightedMean> add_weighted_mean(FlatBufferBuilder& builder,
                                               const ModelContents& contents) {
  const WeightedMean& mean = *contents.weighted_mean;
  const auto weights = add_history_weights(builder, mean.weights);
  const AddedTable table = add_table(builder, mean.history_vectors, contents);
  return format::CreateWeightedMean(builder, weights, table.values, table.quantized);
}

Offset<format::SequenceBlock> add_block(FlatBufferBuilder& builder, const SequenceBlock& block) {
  const auto mix_in = add_layer(builder, block.mix_in);
  const auto mix_out = add_layer(builder, block.mix_out);
  Offset<Vector<float>> distances;
  if (!block.distances.empty()) distances = add_parameters(builder, block.distances);
  const auto widen = add_layer(builder, block.widen);
  const auto narrow = add_layer(builder, block.narrow);
  return format::CreateSequenceBlock(builder, mix_in, mix_out, distances, widen, narrow);
}

Offset<format::Sequence> add_sequence(FlatBufferBuilder& builder, const Sequence& sequence) {
  std::vector<Offset<format::SequenceBlock>> blocks;
  for (const SequenceBlock& block : sequence.blocks) blocks.push_back(add_block(builder, block));
  const auto block_section = builder.CreateVector(blocks);
  const auto gains = add_parameters(builder, sequence.gains);
  Offset<Vector<float>> gap_vectors;
  if (!sequence.gap_vectors.empty()) gap_vectors = add_parameters(builder, sequence.gap_vectors);
  Offset<Vector<float>> type_vectors;
  if (!sequence.type_vectors.empty()) {
    type_vectors = add_parameters(builder, sequence.type_vectors);
  }
  const auto mixer =
      sequence.mixer == Mixer::kAttention ? format::Mixer::Attention : format::Mixer::Recurrence;
  return format::CreateSequence(builder, mixer, sequence.heads, sequence.window, block_section,
                                gains, gap_vectors, type_vectors, sequence.repeats);
}

Offset<format::ValueFoldIn> add_value_fold_in(FlatBufferBuilder& builder,
                                              const ModelContents& contents) {
  const ValueFoldIn& fold_in = *contents.value_fold_in;
  const AddedTable table = add_table(builder, fold_in.implicit_vectors, contents);
  return format::CreateValueFoldIn(builder, table.values, fold_in.regularization, fold_in.exponent,
                                   table.quantized, fold_in.by_cosine);
}

}  // namespace

Offset<format::ItemWeights> add_item_weights(FlatBufferBuilder& builder, const ItemWeights& rows) {
  const auto weights = add_history_weights(builder, rows.weights);
  const auto offsets = builder.CreateVector(rows.offsets);
  Offset<Vector<std::uint32_t>> columns;
  Offset<Vector<std::uint16_t>> short_columns;
  if (fit_in_16_bits(rows.columns)) {
    short_columns =
        builder.CreateVector(std::vector<std::uint16_t>(rows.columns.begin(), rows.columns.end()));
  } else {
    columns = builder.CreateVector(rows.columns);
  }
  return format::CreateItemWeights(builder, weights, offsets, columns,
                                   add_parameters(builder, rows.values), short_columns);
}

AddedEncoder add_encoder(FlatBufferBuilder& builder, const ModelContents& contents) {
  assert(contents.fold_in.has_value() + contents.weighted_mean.has_value() +
             contents.item_weights.has_value() + contents.sequence.has_value() +
             contents.value_fold_in.has_value() <=
         1);
  if (contents.fold_in) {
    return {format::Encoder::FoldIn, add_fold_in(builder, *contents.fold_in).Union()};
  }
  if (contents.weighted_mean) {
    return {format::Encoder::WeightedMean, add_weighted_mean(builder, contents).Union()};
  }
  if (contents.item_weights) {
    return {format::Encoder::ItemWeights,
            add_item_weights(builder, *contents.item_weights).Union()};
  }
  if (contents.sequence) {
    return {format::Encoder::Sequence, add_sequence(builder, *contents.sequence).Union()};
  }
  if (contents.value_fold_in) {
    return {format::Encoder::ValueFoldIn, add_value_fold_in(builder, contents).Union()};
  }
  return {format::Encoder::Popularity, format::CreatePopularity(builder).Union()};
}

}  // namespace palate::internal
