// A model file as text for people and as JSON for scripts.
#include "model_description.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "format.h"
#include "model/sha256.h"
#include "tabular_description.h"

namespace palate::tools {
namespace {

using Json = nlohmann::ordered_json;

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

bool is_quantized(const Model& model) {
  return model.item_vectors().precision != Precision::kFloat32;
}

/// Null where the encoder weighs no history.
const HistoryWeightsView* history_weights(const Model& model) {
  if (model.weighted_mean() != nullptr) return &model.weighted_mean()->weights;
  if (model.item_weights() != nullptr) return &model.item_weights()->weights;
  return nullptr;
}

/// Whether the items of a history have other vectors than the items that are ranked.
bool has_own_history_table(const Model& model) {
  const WeightedMeanView* mean = model.weighted_mean();
  return mean != nullptr && !mean->history_vectors.is(model.item_vectors());
}

/// Whether what was rated tells something beside how it was rated.
bool has_implicit_table(const Model& model) {
  const ValueFoldInView* fold_in = model.value_fold_in();
  return fold_in != nullptr && fold_in->implicit_vectors.rows > 0;
}

/// Nothing where it has none that makes sense: nobody uses that.
std::optional<ListIndexView> index_of(const Model& model) {
  const Result<ListIndexView> index = model.list_index();
  return index ? std::optional(*index) : std::nullopt;
}

/// Of the whole file.
std::string sha256_of(const Model& model) {
  internal::Sha256 digest;
  digest.update(model.bytes());
  return internal::to_hex(digest.finish());
}

/// The widths of the ranker's layers, inputs first.
std::vector<std::uint32_t> layer_widths(const RankerView& ranker) {
  std::vector<std::uint32_t> widths;
  for (const DenseLayerView& layer : ranker.layers) {
    if (widths.empty()) widths.push_back(layer.inputs);
    widths.push_back(layer.outputs);
  }
  return widths;
}

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
  return bytes + columns_bytes(ranker.context);
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

/// None where the model has none; `ModelFile` has checked it.
std::optional<ContentMapView> content_map(const Model& model) {
  return content_map_of(model).value();
}

std::size_t content_map_bytes(const ContentMapView& map) {
  return map.columns.size_bytes() + map.means.size_bytes() + map.scales.size_bytes() +
         map.base.size_bytes() + map.coefficients.size_bytes();
}

/// Name and payload of each section; what is left is alignment, tables and training facts.
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

Json history_weights_json(const HistoryWeightsView& weights) {
  return {{"recency", Json(std::vector<float>(weights.recency.begin(), weights.recency.end()))},
          {"popularity_exponent", weights.popularity_exponent},
          {"length_exponent", weights.length_exponent}};
}

Json attributes_json(const Model& model) {
  Json list = Json::array();
  for (const AttributeView& attribute : model.attributes()) {
    const bool number = attribute.kind == AttributeKind::kNumber;
    Json& entry = list.emplace_back();
    entry["name"] = attribute.name;
    entry["kind"] = number ? "number" : "category";
    if (!number) entry["categories"] = attribute.categories.size();
    entry["missing"] = missing_count(attribute, model.item_count());
  }
  return list;
}

Json training_json(const FactsView& facts) {
  Json json;
  json["producer"] = facts.producer;
  json["recipe"] = facts.recipe;
  json["seed"] = facts.seed;
  json["instruction_set"] = facts.instruction_set;
  json["users"] = facts.users;
  json["interactions"] = facts.interactions;
  json["newest_ms"] = facts.newest_ms;
  json["metrics"] = Json::object();
  for (const MetricView& metric : facts.metrics) {
    json["metrics"][std::string(metric.name)] = metric.value;
  }
  json["recipe_toml"] = facts.recipe_toml;
  return json;
}

std::string encoder_text(const Model& model) {
  std::string text = "encoder  " + encoder_name(model.encoder());
  if (model.item_weights() == nullptr) {
    return text + ", dimension " + std::to_string(model.dimension()) +
           (is_quantized(model) ? ", " + precision_name(model.item_vectors().precision) : "") +
           (has_own_history_table(model) ? ", a table of its own for the history" : "") +
           (has_implicit_table(model) ? ", a table for what was touched at all" : "");
  }
  const std::size_t entries = model.item_weights()->columns.size();
  const auto items = static_cast<double>(model.item_count());
  return text + ", " + counted(entries, "weight") + ", " +
         fixed(static_cast<double>(entries) / items, 1) + " an item";
}

/// How much the items of a history count.
std::string history_text(const HistoryWeightsView& weights) {
  std::string text = "history  ";
  if (weights.recency.empty()) {
    text += "old items count as much as new ones";
  } else {
    text += "recency " + shortest(weights.recency.front()) + " to " +
            shortest(weights.recency.back()) + " over " + counted(weights.recency.size(), "place");
  }
  return text + ", popularity exponent " + shortest(weights.popularity_exponent) +
         ", length exponent " + shortest(weights.length_exponent);
}

bool has_bytes(const RankerView& ranker) {
  return std::any_of(ranker.layers.begin(), ranker.layers.end(),
                     [](const DenseLayerView& layer) { return layer.is_quantized(); });
}

std::string ranker_text(const RankerView& ranker) {
  std::string text = "ranker ";
  for (const std::uint32_t width : layer_widths(ranker)) {
    text += (text.back() == ' ' ? "" : "-") + std::to_string(width);
  }
  text += " on " + counted(ranker.candidates, "candidate");
  if (!ranker.retrievers.empty()) {
    text += " of " + counted(1 + ranker.retrievers.size(), "retriever");
  }
  return text + ", " + counted(ranker.features.size(), "feature") +
         (ranker.reads_vectors() ? " beside the vectors" : " and no vectors") +
         (has_bytes(ranker) ? ", int8" : "") +
         (ranker.rounds_item_half ? ", items' halves in int8" : "");
}

std::string index_text(const ListIndexView& index) {
  return "index  " + with_commas(index.probes) + " of " + counted(index.centroids.rows, "list") +
         " are looked at, recall@" + std::to_string(index.length) + " of the exact list " +
         fixed(index.recall, 4);
}

/// What the ranker reads of a visit.
void print_context(const RankerView& ranker, std::ostream& out) {
  Table table({Align::kLeft, Align::kLeft});
  for (const TabularColumnView& column : ranker.context) {
    table.add({"  context " + std::string(column.name), kind_text(column)});
  }
  table.print(out);
}

void print_sections(const Model& model, std::ostream& out) {
  const std::size_t size = model.bytes().size();
  out << "size  " << counted(size, "byte");
  if (model.item_count() > 0) {
    out << ", " << fixed(static_cast<double>(size) / static_cast<double>(model.item_count()), 1)
        << " an item";
  }
  out << '\n';
  Table table({Align::kLeft, Align::kRight});
  for (const auto& [name, bytes] : sections(model)) {
    table.add({"  " + name, with_commas(bytes)});
  }
  table.print(out);
}

void print_attributes(const Model& model, std::ostream& out) {
  if (model.attributes().empty()) return;
  out << "attributes\n";
  Table table({Align::kLeft, Align::kLeft, Align::kLeft});
  for (const AttributeView& attribute : model.attributes()) {
    const bool number = attribute.kind == AttributeKind::kNumber;
    table.add({"  " + std::string(attribute.name),
               number ? "number" : with_commas(attribute.categories.size()) + " categories",
               "missing in " + counted(missing_count(attribute, model.item_count()), "item")});
  }
  table.print(out);
}

void print_training(const FactsView& facts, std::ostream& out) {
  out << "trained by " << facts.producer << " with recipe " << facts.recipe << ", seed "
      << facts.seed << ", on " << facts.instruction_set << '\n'
      << "  from " << counted(facts.interactions, "interaction") << " of "
      << counted(facts.users, "user");
  if (facts.newest_ms != 0) out << ", the newest of " << date(facts.newest_ms);
  out << '\n';
  Table table({Align::kLeft, Align::kRight});
  for (const MetricView& metric : facts.metrics) {
    table.add({"  " + std::string(metric.name), fixed(metric.value, 4)});
  }
  table.print(out);
  out << "recipe\n" << facts.recipe_toml << '\n';
}

Json sequence_json(const SequenceView& sequence) {
  const bool attends = sequence.mixer == Mixer::kAttention;
  Json json = {{"mixer", attends ? "attention" : "recurrence"},
               {"blocks", sequence.blocks.size()},
               {"hidden", sequence.blocks.front().widen.outputs},
               {"reads_gaps", sequence.gap_vectors.rows > 0},
               {"reads_types", sequence.type_vectors.rows > 0},
               {"reads_repeats", sequence.repeats}};
  if (attends) {
    json["heads"] = sequence.heads;
    json["window"] = sequence.window;
  } else {
    json["state"] = sequence.blocks.front().mix_out.inputs;
  }
  return json;
}

}  // namespace

Json description_json(const Model& model) {
  Json json;
  json["encoder"] = encoder_name(model.encoder());
  json["items"] = model.item_count();
  json["dimension"] = model.dimension();
  if (model.dimension() > 0) {
    json["precision"] = precision_name(model.item_vectors().precision);
  }
  if (const HistoryWeightsView* weights = history_weights(model)) {
    json["history_weights"] = history_weights_json(*weights);
  }
  if (const FoldInView* fold_in = model.fold_in()) {
    json["fold_in"] = {{"unobserved_weight", fold_in->unobserved_weight},
                       {"regularization", fold_in->regularization},
                       {"exponent", fold_in->exponent}};
  }
  if (const ValueFoldInView* fold_in = model.value_fold_in()) {
    json["value_fold_in"] = {{"regularization", fold_in->regularization},
                             {"exponent", fold_in->exponent},
                             {"implicit", has_implicit_table(model)},
                             {"by_cosine", fold_in->by_cosine}};
  }
  if (const ItemWeightsView* rows = model.item_weights()) {
    json["item_weights"] = rows->columns.size();
  }
  if (const SequenceView* sequence = model.sequence()) {
    json["sequence"] = sequence_json(*sequence);
  }
  json["event_types"] = Json::array();
  for (std::size_t row = 0; row < model.event_types().size(); ++row) {
    json["event_types"].push_back(std::string(model.event_types()[row]));
  }
  json["ranker"] = nullptr;
  if (const RankerView* ranker = model.ranker()) {
    json["ranker"] = {{"layers", layer_widths(*ranker)},
                      {"candidates", ranker->candidates},
                      {"further_retrievers", ranker->retrievers.size()},
                      {"features", ranker->features.size()},
                      {"reads_vectors", ranker->reads_vectors()},
                      {"precision", has_bytes(*ranker) ? "int8" : "f32"},
                      {"item_half", ranker->rounds_item_half ? "int8" : "f32"},
                      {"context", Json::array()}};
    for (const TabularColumnView& column : ranker->context) {
      json["ranker"]["context"].push_back(column_json(column));
    }
  }
  json["index"] = nullptr;
  if (const auto index = index_of(model)) {
    json["index"] = {{"lists", index->centroids.rows},
                     {"probes", index->probes},
                     {"length", index->length},
                     {"recall", index->recall}};
  }
  if (const TabularView* tabular = model.tabular()) json["tabular"] = tabular_json(*tabular);
  json["places_new_items"] = content_map(model).has_value();
  json["predicts_values"] = model.value_head() != nullptr;
  json["bytes"] = model.bytes().size();
  json["sections"] = Json::object();
  for (const auto& [name, bytes] : sections(model)) json["sections"][name] = bytes;
  json["sha256"] = sha256_of(model);
  json["attributes"] = attributes_json(model);
  json["training"] = training_json(model.facts());
  return json;
}

void print_description(const Model& model, std::ostream& out) {
  if (model.tabular() != nullptr) print_tabular(*model.tabular(), out);
  if (model.item_count() > 0) out << encoder_text(model) << '\n';
  if (const HistoryWeightsView* weights = history_weights(model)) {
    out << history_text(*weights) << '\n';
  }
  if (model.ranker() != nullptr) {
    out << ranker_text(*model.ranker()) << '\n';
    print_context(*model.ranker(), out);
  }
  if (const auto index = index_of(model)) out << index_text(*index) << '\n';
  if (model.value_head() != nullptr) out << "predicts values\n";
  if (content_map(model)) out << "places new items by their attributes\n";
  out << "items  " << with_commas(model.item_count()) << '\n';
  print_sections(model, out);
  out << "sha256  " << sha256_of(model) << '\n';
  print_attributes(model, out);
  print_training(model.facts(), out);
}

}  // namespace palate::tools
