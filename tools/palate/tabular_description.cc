// The tabular part of a model file as text for people and as JSON for scripts.
#include "tabular_description.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "format.h"

namespace palate::tools {
namespace {

using Json = nlohmann::ordered_json;

/// Categories whose weights are shown to people.
constexpr std::size_t kShown = 6;

const char* target_name(TabularTarget target) {
  return target == TabularTarget::kValue ? "value" : "probability";
}

/// What the linear head calls a term of a column.
std::string term_name(const TabularColumnView& column, std::uint32_t term) {
  if (column.kind == AttributeKind::kNumber) return term == 0 ? "scaled" : "missing";
  if (term == column.other_row()) return "(other)";
  if (term == column.missing_row()) return "(missing)";
  return std::string(column.categories[term]);
}

/// The weights of the linear head, the largest magnitudes first where there are many.
std::string weights_text(const TabularColumnView& column) {
  std::vector<std::uint32_t> terms(column.weights.size());
  std::iota(terms.begin(), terms.end(), 0U);
  std::ranges::stable_sort(terms, std::greater<>(),
                           [&](std::uint32_t term) { return std::abs(column.weights[term]); });
  std::string text;
  for (std::size_t k = 0; k < std::min(terms.size(), kShown); ++k) {
    const float weight = column.weights[terms[k]];
    text += (k == 0 ? "" : ", ") + shorten(term_name(column, terms[k]), 24) +
            (weight < 0 ? " " : " +") + fixed(weight, 3);
  }
  return text + (terms.size() > kShown ? ", ..." : "");
}

std::size_t layer_bytes(const DenseLayerView& layer) {
  return layer.weights.size_bytes() + layer.bias.size_bytes();
}

}  // namespace

Json column_json(const TabularColumnView& column) {
  Json json = {{"name", column.name}};
  if (column.kind == AttributeKind::kNumber) {
    const NumberScale& scale = column.scale;
    json["kind"] = "number";
    json["logarithmic"] = scale.logarithmic;
    json["minimum"] = scale.minimum;
    json["maximum"] = scale.maximum;
    json["mean"] = scale.mean;
    json["scale"] = scale.scale;
  } else {
    json["kind"] = "category";
    json["categories"] = column.categories.size();
  }
  if (column.weights.empty()) return json;
  if (column.kind == AttributeKind::kCategory) json["width"] = column.width;
  json["weights"] = Json::array();
  for (std::uint32_t term = 0; term < column.weights.size(); ++term) {
    json["weights"].push_back(
        {{"term", term_name(column, term)}, {"weight", column.weights[term]}});
  }
  return json;
}

std::string kind_text(const TabularColumnView& column) {
  if (column.kind == AttributeKind::kCategory) {
    const std::string text = with_commas(column.categories.size()) + " categories";
    return column.width == 0 ? text : text + ", " + counted(column.width, "number") + " each";
  }
  return std::string(column.scale.logarithmic ? "logarithm of a number" : "number") + ", " +
         shortest(column.scale.minimum) + " to " + shortest(column.scale.maximum);
}

std::size_t columns_bytes(std::span<const TabularColumnView> columns) {
  std::size_t bytes = 0;
  for (const TabularColumnView& column : columns) {
    bytes += column.categories.offsets.size_bytes() + column.categories.bytes.size_bytes() +
             column.vectors.values.size_bytes() + column.weights.size_bytes();
  }
  return bytes;
}

std::size_t tabular_bytes(const TabularView& tabular) {
  std::size_t bytes = tabular.average.size_bytes() + columns_bytes(tabular.columns);
  for (const DenseLayerView& layer : tabular.layers) bytes += layer_bytes(layer);
  return bytes;
}

Json tabular_json(const TabularView& tabular) {
  Json json = {{"label", tabular.label}, {"target", target_name(tabular.target)}};
  json["layers"] = Json::array({tabular.layers.front().inputs});
  for (const DenseLayerView& layer : tabular.layers) json["layers"].push_back(layer.outputs);
  json["linear_bias"] = tabular.bias;
  json["columns"] = Json::array();
  for (const TabularColumnView& column : tabular.columns) {
    json["columns"].push_back(column_json(column));
  }
  return json;
}

void print_tabular(const TabularView& tabular, std::ostream& out) {
  out << "scores rows of features  the " << target_name(tabular.target) << " of '" << tabular.label
      << "', network " << tabular.layers.front().inputs;
  for (const DenseLayerView& layer : tabular.layers) out << '-' << layer.outputs;
  out << '\n';
  Table columns({Align::kLeft, Align::kLeft});
  for (const TabularColumnView& column : tabular.columns) {
    columns.add({"  " + std::string(column.name), kind_text(column)});
  }
  columns.print(out);
  out << "linear head  " << (tabular.target == TabularTarget::kValue ? "value" : "logit") << " = "
      << fixed(tabular.bias, 3) << " + sum of weights; numbers are scaled to a deviation of 1\n";
  Table weights({Align::kLeft, Align::kLeft});
  for (const TabularColumnView& column : tabular.columns) {
    weights.add({"  " + std::string(column.name), weights_text(column)});
  }
  weights.print(out);
}

}  // namespace palate::tools
