// A model file as JSON for scripts.
#include "model_json.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model_facts.h"
#include "tabular_description.h"

namespace palate::tools {
namespace {

using Json = nlohmann::ordered_json;

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

Json model_json(const Model& model) {
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

}  // namespace palate::tools
