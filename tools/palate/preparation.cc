// The first steps of train and evaluate: read the files, clean the rows, say what was done.
#include "preparation.h"

#include <string>
#include <vector>

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

Result<InteractionLog> read_log(const std::filesystem::path& path, const ReadOptions& options,
                                Console& console) {
  ReadReport report;
  Result<InteractionLog> log = read_interactions(path, options, report);
  if (log) print_reading(path, "interactions", report, console.out);
  return log;
}

Result<Catalogue> read_catalogue(const std::filesystem::path& path, const ReadOptions& options,
                                 Console& console) {
  ReadReport report;
  Result<Catalogue> items = read_items(path, options, report);
  if (items) print_reading(path, "items", report, console.out);
  return items;
}

Result<Prepared> prepare(const std::filesystem::path& interactions, const TableFlags& table,
                         const ItemFlags& items, const CleanOptions& cleaning, Console& console,
                         StageTimes& times) {
  const Result<InteractionLog> log = read_log(interactions, table.options(), console);
  if (!log) return log.error();
  Prepared prepared;
  if (!items.path.empty()) {
    Result<Catalogue> catalogue = read_catalogue(items.path, items.options(table.max_bad), console);
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
