// What a model holds: views into its file, and the little that they need beside it.
#ifndef PALATE_MODEL_MAPPED_H_
#define PALATE_MODEL_MAPPED_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "model/fixed_array.h"
#include "model/id_index.h"
#include "palate/model.h"

namespace palate::internal {

struct MappedModel {
  std::span<const std::byte> file;

  TextsView ids;
  IdIndex index;
  std::span<const std::uint32_t> popularity;
  TextsView titles;  // none, or one an item
  TextsView event_types;
  FixedArray<AttributeView> attributes;
  FixedArray<float> largest_numbers;  // one an attribute: its largest magnitude

  TableView item_vectors;
  EncoderKind encoder = EncoderKind::kPopularity;
  std::optional<FoldInView> fold_in;
  std::optional<WeightedMeanView> weighted_mean;
  std::optional<ItemWeightsView> item_weights;
  FixedArray<SequenceBlockView> blocks;
  std::optional<SequenceView> sequence;
  std::optional<ValueFoldInView> value_fold_in;

  FixedArray<DenseLayerView> layers;
  FixedArray<FeatureView> features;
  FixedArray<ItemWeightsView> retrievers;
  FixedArray<TabularColumnView> context;
  std::optional<RankerView> ranker;

  std::optional<ValueHeadView> value_head;

  FixedArray<TabularColumnView> tabular_columns;
  FixedArray<DenseLayerView> tabular_layers;
  std::optional<TabularView> tabular;

  FixedArray<MetricView> metrics;
  FactsView facts;

  std::size_t items() const { return popularity.size(); }
};

}  // namespace palate::internal

#endif  // PALATE_MODEL_MAPPED_H_
