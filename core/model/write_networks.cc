// The networks of a model file that read features: the ranker and the tabular model.
#include <cassert>

#include "model/write_parts.h"

namespace palate::internal {
namespace {

format::FeatureSource to_format(FeatureSource source) {
  switch (source) {
    case FeatureSource::kRetrievalScore:
      return format::FeatureSource::RetrievalScore;
    case FeatureSource::kPopularity:
      return format::FeatureSource::Popularity;
    case FeatureSource::kNumber:
      return format::FeatureSource::Number;
    case FeatureSource::kMissing:
      return format::FeatureSource::Missing;
    case FeatureSource::kCategory:
      return format::FeatureSource::Category;
    case FeatureSource::kFurtherScore:
      return format::FeatureSource::FurtherScore;
    case FeatureSource::kAffinity:
      return format::FeatureSource::Affinity;
    case FeatureSource::kDistance:
      return format::FeatureSource::Distance;
    case FeatureSource::kHistoryLength:
      return format::FeatureSource::HistoryLength;
    case FeatureSource::kContextNumber:
      return format::FeatureSource::ContextNumber;
    case FeatureSource::kContextKnown:
      return format::FeatureSource::ContextKnown;
    case FeatureSource::kContextCategory:
      return format::FeatureSource::ContextCategory;
    case FeatureSource::kRecency:
      return format::FeatureSource::Recency;
  }
  assert(false);
  return {};
}

Offset<format::TabularColumn> add_tabular_column(FlatBufferBuilder& builder,
                                                 const TabularColumn& column) {
  const auto name = builder.CreateString(column.name);
  Offset<Vector<float>> weights;
  if (!column.weights.empty()) weights = add_parameters(builder, column.weights);
  if (column.kind == AttributeKind::kNumber) {
    const NumberScale& scale = column.scale;
    return format::CreateTabularColumn(builder, name, format::AttributeKind::Number,
                                       scale.logarithmic, column.has_missing, scale.minimum,
                                       scale.maximum, scale.mean, scale.scale, 0, 0, 0, weights);
  }
  const auto categories = add_texts(builder, column.categories);
  Offset<Vector<float>> vectors;
  if (!column.vectors.empty()) vectors = add_parameters(builder, column.vectors);
  return format::CreateTabularColumn(builder, name, format::AttributeKind::Category, false, false,
                                     0, 0, 0, 0, categories, column.width, vectors, weights);
}

Offset<Vector<Offset<format::TabularColumn>>> add_columns(
    FlatBufferBuilder& builder, const std::vector<TabularColumn>& columns) {
  std::vector<Offset<format::TabularColumn>> tables;
  tables.reserve(columns.size());
  for (const TabularColumn& column : columns) tables.push_back(add_tabular_column(builder, column));
  return builder.CreateVector(tables);
}

}  // namespace

Offset<format::Ranker> add_ranker(FlatBufferBuilder& builder, const Ranker& ranker) {
  std::vector<Offset<format::DenseLayer>> layers;
  for (const DenseLayer& layer : ranker.layers) layers.push_back(add_layer(builder, layer));
  std::vector<Offset<format::Feature>> features;
  for (const FeatureView& feature : ranker.features) {
    features.push_back(format::CreateFeature(builder, to_format(feature.source), feature.attribute,
                                             feature.category, feature.mean, feature.scale,
                                             feature.retriever, feature.gain, feature.decay));
  }
  const auto layer_section = builder.CreateVector(layers);
  const auto feature_section = builder.CreateVector(features);
  Offset<Vector<Offset<format::ItemWeights>>> retrievers;
  if (!ranker.retrievers.empty()) {
    std::vector<Offset<format::ItemWeights>> tables;
    for (const ItemWeights& rows : ranker.retrievers) {
      tables.push_back(add_item_weights(builder, rows));
    }
    retrievers = builder.CreateVector(tables);
  }
  Offset<Vector<Offset<format::TabularColumn>>> context;
  if (!ranker.context.empty()) context = add_columns(builder, ranker.context);
  Offset<Vector<std::uint8_t>> recency;
  if (!ranker.recency.empty()) recency = builder.CreateVector(ranker.recency);
  return format::CreateRanker(builder, layer_section, feature_section, ranker.candidates,
                              retrievers, ranker.rounds_item_half ? 8 : 0, context, recency);
}

Offset<format::Tabular> add_tabular(FlatBufferBuilder& builder, const Tabular& tabular) {
  std::vector<Offset<format::TabularColumn>> columns;
  for (const TabularColumn& column : tabular.columns) {
    columns.push_back(add_tabular_column(builder, column));
  }
  std::vector<Offset<format::DenseLayer>> layers;
  for (const DenseLayer& layer : tabular.layers) layers.push_back(add_layer(builder, layer));
  const auto label = builder.CreateString(tabular.label);
  const auto column_section = builder.CreateVector(columns);
  const auto average = add_parameters(builder, tabular.average);
  const auto layer_section = builder.CreateVector(layers);
  const auto target = tabular.target == TabularTarget::kValue ? format::TabularTarget::Value
                                                              : format::TabularTarget::Probability;
  return format::CreateTabular(builder, label, target, column_section, average, layer_section,
                               tabular.bias);
}

}  // namespace palate::internal
