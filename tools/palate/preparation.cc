// The first steps of train and evaluate: read the files, clean the rows, say what was done.
#include "preparation.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "format.h"

namespace palate::tools {
namespace {

std::string columns_text(const std::map<std::string, std::string>& columns) {
  std::string text;
  for (const auto& [role, column] : columns) {
    text += (text.empty() ? "" : ", ") + role + " = " + column;
  }
  return text;
}

void print_cleaning(const CleanReport& report, const CleanOptions& options, std::ostream& out) {
  out << "cleaning\n";
  Table table({Align::kLeft, Align::kLeft});
  table.add({"  missing values", counted(report.missing_values, "row") + ", kept"});
  if (options.min_value == options.min_value) {
    table.add({"  value too small", counted(report.below_min_value, "row") + " below " +
                                        shortest(options.min_value) + ", left out"});
  }
  table.add({"  duplicates", options.repeats ? "repeats of the same user and item are kept"
                                             : counted(report.duplicates, "older row") +
                                                   " of the same user and item, left out"});
  table.add({"  outliers", options.max_user == 0
                               ? "no limit to the interactions of a user"
                               : counted(report.outlier_users, "user") + " with more than " +
                                     counted(options.max_user, "interaction") + " (" +
                                     counted(report.outlier_rows, "row") + "), left out"});
  table.add({"  k-core", "at least " + with_commas(options.min_user) + " a user and " +
                             with_commas(options.min_item) +
                             " an item: " + counted(report.core_users, "user") + " and " +
                             counted(report.core_items, "item") + " left out in " +
                             counted(report.core_rounds, "round")});
  table.add({"  kept", counted(report.kept_users, "user") + ", " +
                           counted(report.kept_items, "item") + ", " +
                           counted(report.kept_rows, "interaction")});
  table.print(out);
}

/// What a column holds: "number", "1,234 categories".
std::string kind_text(const Attribute& column) {
  if (column.kind == AttributeKind::kNumber) return "number";
  return with_commas(column.categories.size()) + " categories";
}

std::size_t missing_cells(const Attribute& column) {
  if (column.kind == AttributeKind::kNumber) {
    return static_cast<std::size_t>(
        std::ranges::count_if(column.numbers, [](float x) { return std::isnan(x); }));
  }
  std::size_t missing = 0;
  for (std::size_t row = 0; row + 1 < column.offsets.size(); ++row) {
    missing += column.offsets[row] == column.offsets[row + 1] ? 1 : 0;
  }
  return missing;
}

}  // namespace

void print_reading(const std::filesystem::path& path, std::string_view what,
                   const ReadReport& report, std::ostream& out) {
  out << what << "  " << path.string() << '\n';
  Table table({Align::kLeft, Align::kLeft});
  table.add({"  rows", with_commas(report.read) + " read, " + with_commas(report.accepted) +
                           " accepted, " + with_commas(report.rejected) + " rejected"});
  table.add({"  columns", columns_text(report.columns)});
  for (const std::string& column : report.left_out) table.add({"  left out", column});
  for (const Rejection& rejection : report.examples) {
    table.add({"  rejected", rejection.file + ":" + std::to_string(rejection.line) +
                                 (rejection.column.empty() ? "" : " column " + rejection.column) +
                                 ": " + rejection.reason});
  }
  table.print(out);
}

void print_columns(std::span<const Attribute> columns, const std::string& what, std::ostream& out) {
  Table table({Align::kLeft, Align::kLeft, Align::kLeft});
  for (const Attribute& column : columns) {
    table.add({"  " + what + " " + column.name, kind_text(column),
               "missing in " + counted(missing_cells(column), "row")});
  }
  table.print(out);
}

Result<InteractionLog> read_log(const std::filesystem::path& path, const ReadOptions& options,
                                Console& console) {
  ReadReport report;
  Result<InteractionLog> log = read_interactions(path, options, report);
  if (!log) return log;
  print_reading(path, "interactions", report, console.out);
  print_columns(log->context, "context", console.out);
  return log;
}

Result<Catalogue> read_catalogue(const std::filesystem::path& path, const ReadOptions& options,
                                 Console& console) {
  ReadReport report;
  Result<Catalogue> items = read_items(path, options, report);
  if (items) print_reading(path, "items", report, console.out);
  return items;
}

Result<Prepared> prepare(const std::filesystem::path& interactions, const ReadOptions& reading,
                         const ItemFlags& items, const CleanOptions& cleaning, Console& console,
                         StageTimes& times) {
  const Result<InteractionLog> log = read_log(interactions, reading, console);
  if (!log) return log.error();
  Prepared prepared;
  if (!items.path.empty()) {
    Result<Catalogue> catalogue =
        read_catalogue(items.path, items.options(reading.max_bad), console);
    if (!catalogue) return catalogue.error();
    prepared.items = std::move(*catalogue);
  }
  times.end("read");
  CleanReport report;
  Result<InteractionLog> cleaned = clean(*log, cleaning, report);
  if (!cleaned) return cleaned.error();
  print_cleaning(report, cleaning, console.out);
  prepared.log = std::move(*cleaned);
  times.end("clean");
  return prepared;
}

}  // namespace palate::tools
