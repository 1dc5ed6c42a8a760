// Lays the contents of a model out as a file.
#include "model/writer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "model/file_header.h"
#include "model/limits.h"
#include "model/section_bytes.h"
#include "palate_generated.h"

namespace palate {
namespace internal {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::Vector;

Offset<format::Texts> add_texts(FlatBufferBuilder& builder, const std::vector<std::string>& texts) {
  std::vector<std::uint32_t> offsets = {0};
  offsets.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    offsets.push_back(static_cast<std::uint32_t>(offsets.back() + text.size()));
  }
  std::uint8_t* bytes = nullptr;
  const auto section = builder.CreateUninitializedVector<std::uint8_t>(offsets.back(), &bytes);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    std::copy(texts[row].begin(), texts[row].end(), bytes + offsets[row]);
  }
  return format::CreateTexts(builder, builder.CreateVector(offsets), section);
}

Offset<Vector<float>> add_parameters(FlatBufferBuilder& builder, const std::vector<float>& values) {
  builder.ForceVectorAlignment(values.size(), sizeof(float), kAlignment);
  return builder.CreateVector(values);
}

Offset<format::QuantizedMatrix> add_quantized(FlatBufferBuilder& builder,
                                              const QuantizedTable& table, std::uint32_t columns,
                                              Precision precision) {
  const auto scales = add_parameters(builder, table.scales);
  builder.ForceVectorAlignment(table.codes.size(), 1, kAlignment);
  const auto codes = builder.CreateVector(table.codes);
  return format::CreateQuantizedMatrix(builder, static_cast<std::uint32_t>(table.scales.size()),
                                       columns, precision == Precision::kInt8 ? 8 : 4, scales,
                                       codes);
}

/// A table of vectors in the file's precision; one of the two is set, or none without values.
struct AddedTable {
  Offset<Vector<float>> values;
  Offset<format::QuantizedMatrix> quantized;
};

AddedTable add_table(FlatBufferBuilder& builder, const std::vector<float>& values,
                     const ModelContents& contents) {
  if (values.empty()) return {};
  const bool has_rows = contents.dimension > 0 && values.size() % contents.dimension == 0;
  if (contents.precision == Precision::kFloat32 || !has_rows) {
    return {add_parameters(builder, values), {}};
  }
  return {{},
          add_quantized(builder, quantize(values, contents.dimension, contents.precision),
                        contents.dimension, contents.precision)};
}

Offset<format::Attribute> add_attribute(FlatBufferBuilder& builder, const Attribute& attribute) {
  const auto name = builder.CreateString(attribute.name);
  if (attribute.kind == AttributeKind::kNumber) {
    std::vector<float> numbers = attribute.numbers;
    // One NaN for all of them: the same contents must give the same bytes.
    std::replace_if(
        numbers.begin(), numbers.end(), [](float number) { return std::isnan(number); }, kNoValue);
    return format::CreateAttribute(builder, name, format::AttributeKind::Number,
                                   builder.CreateVector(numbers));
  }
  const auto categories = add_texts(builder, attribute.categories);
  const auto offsets = builder.CreateVector(attribute.offsets);
  const auto entries = builder.CreateVector(attribute.entries);
  return format::CreateAttribute(builder, name, format::AttributeKind::Category, 0, categories,
                                 offsets, entries);
}

Offset<format::Catalogue> add_catalogue(FlatBufferBuilder& builder, const Catalogue& catalogue) {
  const auto ids = add_texts(builder, catalogue.ids);
  const auto popularity = builder.CreateVector(catalogue.popularity);
  Offset<format::Texts> titles;
  if (!catalogue.titles.empty()) titles = add_texts(builder, catalogue.titles);
  std::vector<Offset<format::Attribute>> attributes;
  for (const Attribute& attribute : catalogue.attributes) {
    attributes.push_back(add_attribute(builder, attribute));
  }
  return format::CreateCatalogue(builder, ids, popularity, titles,
                                 builder.CreateVector(attributes));
}

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

Offset<format::DenseLayer> add_layer(FlatBufferBuilder& builder, const DenseLayer& layer) {
  const bool is_quantized = !layer.quantized.codes.empty();
  Offset<Vector<float>> weights;
  Offset<format::QuantizedMatrix> quantized;
  if (is_quantized) {
    quantized = add_quantized(builder, layer.quantized, layer.inputs, Precision::kInt8);
  } else {
    weights = add_parameters(builder, layer.weights);
  }
  const auto bias = add_parameters(builder, layer.bias);
  return format::CreateDenseLayer(builder, layer.inputs, layer.outputs, weights, bias, quantized,
                                  layer.input_step);
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

struct AddedEncoder {
  format::Encoder kind;
  Offset<void> table;
};

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

Offset<format::ValueHead> add_value_head(FlatBufferBuilder& builder, const ValueHead& head) {
  return format::CreateValueHead(builder, head.mean, add_parameters(builder, head.item_bias),
                                 head.visitor_damping, head.slope, head.minimum, head.maximum);
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

Offset<format::ContentMap> add_content_map(FlatBufferBuilder& builder, const ContentMap& map) {
  const auto columns = builder.CreateVector(map.columns);
  const auto means = builder.CreateVector(map.means);
  const auto scales = builder.CreateVector(map.scales);
  const auto base = add_parameters(builder, map.base);
  return format::CreateContentMap(builder, columns, means, scales, base,
                                  add_parameters(builder, map.coefficients));
}

Offset<format::ListIndex> add_list_index(FlatBufferBuilder& builder, const ListIndex& index,
                                         std::uint32_t dimension) {
  const auto rows = static_cast<std::uint32_t>(index.centroids.size() / dimension);
  const auto centroids =
      format::CreateMatrix(builder, rows, dimension, add_parameters(builder, index.centroids));
  return format::CreateListIndex(builder, centroids, builder.CreateVector(index.lists),
                                 index.probes, index.length, index.recall);
}

Offset<format::Facts> add_facts(FlatBufferBuilder& builder, const TrainingFacts& facts,
                                std::string_view producer) {
  std::vector<Offset<format::Metric>> metrics;
  for (const Metric& metric : facts.metrics) {
    metrics.push_back(
        format::CreateMetric(builder, builder.CreateString(metric.name), metric.value));
  }
  const auto producer_text = builder.CreateString(producer);
  const auto recipe = builder.CreateString(facts.recipe);
  const auto recipe_toml = builder.CreateString(facts.recipe_toml);
  const auto instruction_set = builder.CreateString(facts.instruction_set);
  return format::CreateFacts(builder, producer_text, recipe, recipe_toml, instruction_set,
                             facts.users, facts.interactions, facts.newest_ms, facts.seed,
                             builder.CreateVector(metrics));
}

void add_model(FlatBufferBuilder& builder, const ModelContents& contents,
               std::string_view producer) {
  const auto catalogue = add_catalogue(builder, contents.catalogue);
  const AddedTable items = add_table(builder, contents.item_vectors, contents);
  Offset<format::Matrix> item_vectors;
  if (!items.values.IsNull()) {
    item_vectors =
        format::CreateMatrix(builder, static_cast<std::uint32_t>(contents.catalogue.ids.size()),
                             contents.dimension, items.values);
  }
  const AddedEncoder encoder = add_encoder(builder, contents);
  Offset<format::Ranker> ranker;
  if (contents.ranker) ranker = add_ranker(builder, *contents.ranker);
  Offset<format::ValueHead> value_head;
  if (contents.value_head) value_head = add_value_head(builder, *contents.value_head);
  const auto facts = add_facts(builder, contents.facts, producer);
  Offset<format::Texts> event_types;
  if (!contents.event_types.empty()) event_types = add_texts(builder, contents.event_types);
  Offset<format::Tabular> tabular;
  if (contents.tabular) tabular = add_tabular(builder, *contents.tabular);
  Offset<format::ContentMap> content_map;
  if (contents.content_map) content_map = add_content_map(builder, *contents.content_map);
  Offset<format::ListIndex> index;
  if (contents.list_index && contents.dimension > 0) {
    index = add_list_index(builder, *contents.list_index, contents.dimension);
  }
  format::FinishModelBuffer(
      builder, format::CreateModel(builder, catalogue, item_vectors, encoder.kind, encoder.table,
                                   ranker, value_head, facts, event_types, items.quantized, tabular,
                                   content_map, index));
}

std::vector<std::byte> with_header(std::span<const std::byte> body) {
  std::vector<std::byte> file(kHeaderBytes + body.size());
  std::copy(body.begin(), body.end(), file.begin() + kHeaderBytes);
  write_header(file);
  return file;
}

Result<std::vector<std::byte>> opened(std::vector<std::byte> file) {
  const Result<FileBytes> aligned = FileBytes::copy_of(file);
  if (!aligned) return aligned.error();
  const Result<Model> readable = Model::open(aligned->bytes());
  if (!readable) return readable.error();
  if (auto map = content_map_of(*readable); !map) return map.error();
  if (readable->has_list_index()) {
    if (const auto index = readable->list_index(); !index) return index.error();
  }
  return file;
}

Result<std::vector<std::byte>> lay_out(const ModelContents& contents, std::string_view producer) {
  // A megabyte stays for tables, names and padding, which the reader's limits keep far below it.
  constexpr std::uint64_t kMaxSectionBytes = kMaxFileBytes - (1U << 20);
  if (section_bytes(contents) > kMaxSectionBytes) {
    return Error{ErrorCode::kModelMeaning,
                 "the model would be larger than 2 GiB: use a smaller dimension or fewer items"};
  }
  FlatBufferBuilder builder;
  builder.TrackMinAlign(kAlignment);  // of the whole, whatever it will hold
  add_model(builder, contents, producer);
  return with_header(std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize())));
}

constexpr std::string_view kProducer = "palate " PALATE_VERSION;

}  // namespace

Result<std::vector<std::byte>> write_model_as(const ModelContents& contents,
                                              std::string_view producer) {
  Result<std::vector<std::byte>> file = lay_out(contents, producer);
  if (!file) return file.error();
  return opened(std::move(*file));
}

Result<std::vector<std::byte>> write_unopened(const ModelContents& contents) {
  return lay_out(contents, kProducer);
}

std::vector<std::byte> unopened_file_of(std::span<const std::byte> body) {
  return with_header(body);
}

Result<std::vector<std::byte>> file_of(std::span<const std::byte> body) {
  return opened(with_header(body));
}

}  // namespace internal

Result<std::vector<std::byte>> write_model(const ModelContents& contents) {
  return internal::write_model_as(contents, internal::kProducer);
}

}  // namespace palate
