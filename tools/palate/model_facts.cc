// What a model file holds, as far as its report and its JSON say the same.
#include "model_facts.h"

#include <algorithm>
#include <cmath>

#include "model/sha256.h"
#include "tabular_description.h"

namespace palate::tools {
namespace {

std::size_t attribute_bytes(const AttributeView& attribute) {
  return attribute.numbers.size_bytes() + attribute.offsets.size_bytes() +
         attribute.entries.size_bytes() + attribute.categories.offsets.size_bytes() +
         attribute.categories.bytes.size_bytes();
}

std::size_t catalogue_bytes(const Model& model) {
  std::size_t bytes = 0;
  for (std::size_t row = 0; row < model.item_count(); ++row) {
    const ItemIndex item = to_item(row);
    bytes += model.id(item).size() + model.title(item).size() + 3 * sizeof(std::uint32_t);
  }
  for (const AttributeView& attribute : model.attributes()) bytes += attribute_bytes(attribute);
  return bytes;
}

std::size_t layer_bytes(const DenseLayerView& layer) {
  return layer.weights.size_bytes() + layer.bias.size_bytes() + layer.quantized.size_bytes();
}

std::size_t item_weights_bytes(const ItemWeightsView& rows) {
  return rows.offsets.size_bytes() + rows.columns.size_bytes() + rows.values.size_bytes();
}

std::size_t ranker_bytes(const RankerView& ranker) {
  std::size_t bytes = 0;
  for (const DenseLayerView& layer : ranker.layers) bytes += layer_bytes(layer);
  for (const ItemWeightsView& rows : ranker.retrievers) bytes += item_weights_bytes(rows);
  return bytes + columns_bytes(ranker.context) + ranker.recency.size_bytes();
}

std::size_t sequence_bytes(const SequenceView& sequence) {
  std::size_t bytes = sequence.gains.size_bytes() + sequence.gap_vectors.values.size_bytes() +
                      sequence.type_vectors.values.size_bytes();
  for (const SequenceBlockView& block : sequence.blocks) {
    bytes += layer_bytes(block.mix_in) + layer_bytes(block.mix_out) + block.distances.size_bytes() +
             layer_bytes(block.widen) + layer_bytes(block.narrow);
  }
  return bytes;
}

std::size_t encoder_bytes(const Model& model) {
  std::size_t bytes = 0;
  if (const HistoryWeightsView* weights = history_weights(model)) {
    bytes += weights->recency.size_bytes();
  }
  if (const FoldInView* fold_in = model.fold_in()) bytes += fold_in->gramian.size_bytes();
  if (const ValueFoldInView* fold_in = model.value_fold_in()) {
    bytes += fold_in->implicit_vectors.size_bytes();
  }
  if (has_own_history_table(model)) {
    bytes += model.weighted_mean()->history_vectors.size_bytes();
  }
  if (const ItemWeightsView* rows = model.item_weights()) {
    bytes += item_weights_bytes(*rows);
  }
  if (model.sequence() != nullptr) bytes += sequence_bytes(*model.sequence());
  return bytes;
}

std::size_t content_map_bytes(const ContentMapView& map) {
  return map.columns.size_bytes() + map.means.size_bytes() + map.scales.size_bytes() +
         map.base.size_bytes() + map.coefficients.size_bytes();
}

}  // namespace

std::string encoder_name(EncoderKind kind) {
  switch (kind) {
    case EncoderKind::kPopularity:
      return "popularity";
    case EncoderKind::kFoldIn:
      return "fold-in";
    case EncoderKind::kWeightedMean:
      return "weighted-mean";
    case EncoderKind::kItemWeights:
      return "item-weights";
    case EncoderKind::kSequence:
      return "sequence";
    case EncoderKind::kValueFoldIn:
      return "value-fold-in";
  }
  return "unknown";
}

std::string precision_name(Precision precision) {
  switch (precision) {
    case Precision::kFloat32:
      return "f32";
    case Precision::kInt8:
      return "int8";
    case Precision::kInt4:
      return "int4";
  }
  return "unknown";
}

const HistoryWeightsView* history_weights(const Model& model) {
  if (model.weighted_mean() != nullptr) return &model.weighted_mean()->weights;
  if (model.item_weights() != nullptr) return &model.item_weights()->weights;
  return nullptr;
}

bool has_own_history_table(const Model& model) {
  const WeightedMeanView* mean = model.weighted_mean();
  return mean != nullptr && !mean->history_vectors.is(model.item_vectors());
}

bool has_implicit_table(const Model& model) {
  const ValueFoldInView* fold_in = model.value_fold_in();
  return fold_in != nullptr && fold_in->implicit_vectors.rows > 0;
}

std::optional<ListIndexView> index_of(const Model& model) {
  const Result<ListIndexView> index = model.list_index();
  return index ? std::optional(*index) : std::nullopt;
}

std::string sha256_of(const Model& model) {
  internal::Sha256 digest;
  digest.update(model.bytes());
  return internal::to_hex(digest.finish());
}

std::vector<std::uint32_t> layer_widths(const RankerView& ranker) {
  std::vector<std::uint32_t> widths;
  for (const DenseLayerView& layer : ranker.layers) {
    if (widths.empty()) widths.push_back(layer.inputs);
    widths.push_back(layer.outputs);
  }
  return widths;
}

std::optional<ContentMapView> content_map(const Model& model) {
  return content_map_of(model).value();
}

std::vector<std::pair<std::string, std::size_t>> sections(const Model& model) {
  std::vector<std::pair<std::string, std::size_t>> list;
  list.emplace_back("catalogue", catalogue_bytes(model));
  list.emplace_back("item_table", model.item_vectors().size_bytes());
  list.emplace_back("encoder", encoder_bytes(model));
  list.emplace_back("ranker", model.ranker() ? ranker_bytes(*model.ranker()) : 0);
  if (model.tabular() != nullptr) {
    list.emplace_back("tabular", tabular_bytes(*model.tabular()));
  }
  list.emplace_back("value_head",
                    model.value_head() ? model.value_head()->item_bias.size_bytes() : 0);
  if (const auto map = content_map(model)) {
    list.emplace_back("content_map", content_map_bytes(*map));
  }
  if (const auto index = index_of(model)) {
    list.emplace_back("index", index->centroids.values.size_bytes() + index->lists.size_bytes());
  }
  std::size_t sum = 0;
  for (const auto& [name, bytes] : list) sum += bytes;
  list.emplace_back("other", model.bytes().size() - std::min(sum, model.bytes().size()));
  return list;
}

std::size_t missing_count(const AttributeView& attribute, std::size_t items) {
  if (attribute.kind == AttributeKind::kNumber) {
    return static_cast<std::size_t>(std::count_if(attribute.numbers.begin(),
                                                  attribute.numbers.end(),
                                                  [](float number) { return std::isnan(number); }));
  }
  std::size_t missing = 0;
  for (std::size_t row = 0; row < items; ++row) {
    missing += attribute.entries_of(to_item(row)).empty() ? 1 : 0;
  }
  return missing;
}

bool has_bytes(const RankerView& ranker) {
  return std::any_of(ranker.layers.begin(), ranker.layers.end(),
                     [](const DenseLayerView& layer) { return layer.is_quantized(); });
}

}  // namespace palate::tools
