// The flags of the context: which columns of a log it is, and what it is for a list.
#include "context_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "data/cells.h"

namespace palate::tools {
namespace {

std::span<const TabularColumnView> context_of(const Model& model) {
  return model.ranker() == nullptr ? std::span<const TabularColumnView>() : model.ranker()->context;
}

Error refused(std::string message) { return {ErrorCode::kRequestInvalid, std::move(message)}; }

bool names(const std::vector<std::string>& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

/// A column of one cell.
Result<Attribute> cell_of(const TabularColumnView& column, const std::string& value) {
  Attribute cell;
  if (column.kind == AttributeKind::kNumber) {
    const Result<float> number = internal::number_in(value);
    if (!number)
      return refused("--context " + std::string(column.name) + ": " + number.error().message);
    cell.numbers = {*number};
  } else {
    internal::Cells cells;
    cells.rows = {cells.texts.number_of(value)};
    cell = internal::as_categories(cells);
  }
  cell.name = column.name;
  cell.kind = column.kind;
  return cell;
}

}  // namespace

void ContextFlags::declare(CLI::App& app) {
  split_at_commas(app.add_option("--context", columns,
                                 "Columns of the log that tell what is known of a visit, such as "
                                 "device,hour: the ranker of the recipe hybrid reads them"));
}

ReadOptions ContextFlags::options(const TableFlags& table, const FeatureFlags& features) const {
  ReadOptions options = table.options();
  options.context = {columns, features.numeric, features.categorical, false};
  return options;
}

Status ContextFlags::check(bool is_read, const FeatureFlags& features) const {
  if (columns.empty()) return Done{};
  if (!is_read) {
    return refused(
        "--context goes with the recipe hybrid, whose ranker reads it (of the recipe "
        "click every column is a feature)");
  }
  if (!features.ignored.empty()) return refused("--ignore goes with the recipe click alone");
  for (const auto& [flag, kind] : {std::pair("--numeric", &features.numeric),
                                   std::pair("--categorical", &features.categorical)}) {
    for (const std::string& name : *kind) {
      if (!names(columns, name)) {
        return refused(flag + (" names '" + name) + "', which --context does not");
      }
    }
  }
  return Done{};
}

void add_context_of(const Model& model, ContextOptions& options) {
  options.may_lack = true;
  for (const TabularColumnView& column : context_of(model)) {
    const std::string name(column.name);
    if (names(options.columns, name)) continue;
    options.columns.push_back(name);
    (column.kind == AttributeKind::kNumber ? options.numeric : options.categorical).push_back(name);
  }
}

Result<std::vector<EncodedColumn>> visit_context(const Model& model,
                                                 std::span<const std::string> given) {
  const std::span<const TabularColumnView> columns = context_of(model);
  std::vector<Attribute> cells;
  for (const std::string& text : given) {
    const std::size_t equals = text.find('=');
    const auto column =
        std::ranges::find(columns, text.substr(0, equals), &TabularColumnView::name);
    if (column == columns.end()) {
      std::string known;
      for (const TabularColumnView& one : columns) {
        known += (known.empty() ? "" : ", ") + std::string(one.name);
      }
      return refused("the model knows no context '" + text.substr(0, equals) + "'; it has " +
                     (known.empty() ? "none" : known));
    }
    Result<Attribute> cell = cell_of(*column, text.substr(equals + 1));
    if (!cell) return cell.error();
    if (std::ranges::find(cells, column->name, &Attribute::name) != cells.end()) {
      return refused("the context '" + std::string(column->name) +
                     "' is given twice; several categories are written a|b");
    }
    cells.push_back(std::move(*cell));
  }
  return encode(cells, 1, columns);
}

}  // namespace palate::tools
