// A model file as text for people.
#include "model_report.h"

#include <string>

#include "format.h"
#include "model_facts.h"
#include "tabular_description.h"

namespace palate::tools {
namespace {

bool is_quantized(const Model& model) {
  return model.item_vectors().precision != Precision::kFloat32;
}

bool lists_by_cosine(const Model& model) {
  return model.value_fold_in() != nullptr && model.value_fold_in()->by_cosine;
}

std::string encoder_text(const Model& model) {
  std::string text = "encoder  " + encoder_name(model.encoder());
  if (model.item_weights() == nullptr) {
    return text + ", dimension " + std::to_string(model.dimension()) +
           (is_quantized(model) ? ", " + precision_name(model.item_vectors().precision) : "") +
           (has_own_history_table(model) ? ", a table of its own for the history" : "") +
           (has_implicit_table(model) ? ", a table for what was touched at all" : "") +
           (lists_by_cosine(model) ? ", lists by cosine" : "");
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

}  // namespace

void print_model(const Model& model, std::ostream& out) {
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
