// An evaluation as tables for people.
#include "evaluation_report.h"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "evaluation_fields.h"
#include "format.h"

namespace palate::tools {
namespace {

std::string with_interval(double number, const std::optional<Interval>& interval) {
  std::string text = fixed(number, 4);
  if (interval) text += " [" + fixed(interval->low, 4) + ", " + fixed(interval->high, 4) + "]";
  return text;
}

std::string ranking_cell(const CutOffReport& report, std::size_t measure) {
  std::optional<Interval> interval;
  if (report.intervals) interval = *report.intervals.*kRankingFields<Interval>[measure];
  return with_interval(report.ranking.*kRankingFields<double>[measure], interval);
}

std::string list_cell(const CutOffReport& report, const ListField& field) {
  const std::optional<double> number = field.value(report.lists);
  return number ? fixed(*number, field.decimals) : "-";
}

void print_cut_off(const CutOffReport& model, const CutOffReport& popularity, std::ostream& out) {
  Table table({Align::kLeft, Align::kLeft, Align::kLeft});
  table.add({"top " + std::to_string(model.k), "model", "popularity"});
  for (std::size_t at = 0; at < kRankingNames.size(); ++at) {
    table.add({kRankingNames[at], ranking_cell(model, at), ranking_cell(popularity, at)});
  }
  for (const ListField& field : kListFields) {
    table.add({field.name, list_cell(model, field), list_cell(popularity, field)});
  }
  table.print(out);
}

void print_head(const Evaluation& evaluation, std::ostream& out) {
  const EvaluationReport& report = evaluation.report;
  out << evaluation.name << "  evaluated on " << counted(report.users, "user") << " ("
      << with_commas(report.without_history) << " without a known history), "
      << counted(report.held_out, "held-out item") << " (" << with_commas(report.unknown)
      << " unknown to the model: counted as misses)\n";
  if (evaluation.resamples > 0) {
    out << "[low, high]: the bounds of " << fixed(kConfidence * 100, 0) << " % of "
        << counted(evaluation.resamples, "resample") << " of the users\n";
  }
  out << "diversity is taken from " << name_of(report.diversity_basis, kDiversityBasisNames)
      << ", novelty is in bits, popularity in interactions\n";
}

template <class Metrics, std::size_t kCount>
void print_line(const Metrics& metrics, const std::array<Field<Metrics>, kCount>& fields,
                std::ostream& out) {
  Table table(std::vector<Align>(kCount, Align::kRight));
  std::vector<std::string> names;
  std::vector<std::string> numbers;
  for (const auto& field : fields) {
    names.emplace_back(field.name);
    numbers.push_back(fixed(metrics.*field.value, 4));
  }
  table.add(std::move(names));
  table.add(std::move(numbers));
  table.print(out);
}

void print_ranker_and_values(const EvaluationReport& report, std::ostream& out) {
  if (report.classification) {
    out << "ranker as a classifier of " << with_commas(report.classification->positives)
        << " held-out against " << with_commas(report.classification->negatives)
        << " sampled unseen items\n";
    print_line(*report.classification, kClassificationFields, out);
  }
  if (report.values) {
    out << "predicted values of " << counted(report.values->count, "held-out item") << '\n';
    print_line(*report.values, kValueFields, out);
  }
}

std::string length_range(const HistoryLengthReport& part) {
  if (part.longest == HistoryLengthReport::kNoLimit) {
    return std::to_string(part.shortest) + " or more";
  }
  if (part.shortest == part.longest) return std::to_string(part.shortest);
  return std::to_string(part.shortest) + " to " + std::to_string(part.longest);
}

void add_parts(std::vector<std::string>& row, const PartMetrics& model,
               const PartMetrics& popularity) {
  for (const double number : {model.recall, popularity.recall, model.ndcg, popularity.ndcg}) {
    row.push_back(fixed(number, 4));
  }
}

Table parts_table(std::vector<std::string> first_columns) {
  std::vector<Align> columns(first_columns.size() + 4, Align::kRight);
  columns.front() = Align::kLeft;
  Table table(std::move(columns));
  for (const char* name : {"recall: model", "popularity", "ndcg: model", "popularity"}) {
    first_columns.emplace_back(name);
  }
  table.add(std::move(first_columns));
  return table;
}

void print_by_history_length(const EvaluationReport& report, std::size_t at, std::ostream& out) {
  Table table = parts_table(
      {"top " + std::to_string(report.model[at].k) + ", items in the history", "users"});
  for (const HistoryLengthReport& part : report.by_history_length) {
    std::vector<std::string> row{length_range(part), with_commas(part.users)};
    add_parts(row, part.model[at], part.popularity[at]);
    table.add(std::move(row));
  }
  table.print(out);
}

void print_by_item_popularity(const EvaluationReport& report, std::size_t at, std::ostream& out) {
  Table table = parts_table({"top " + std::to_string(report.model[at].k) + ", held-out items of",
                             "items", "share", "held out", "users"});
  for (const ItemPopularityReport& part : report.by_item_popularity) {
    std::vector<std::string> row{name_of(part.popularity_class, kPopularityClassNames),
                                 with_commas(part.items), fixed(part.share, 4),
                                 with_commas(part.held_out), with_commas(part.users)};
    add_parts(row, part.model[at], part.popularity[at]);
    table.add(std::move(row));
  }
  table.print(out);
}

std::string with_sign(double number) { return (number < 0 ? "" : "+") + fixed(number, 4); }

std::string difference_cell(const Difference& difference) {
  std::string text = with_sign(difference.mean);
  if (difference.interval) {
    text += " [" + with_sign(difference.interval->low) + ", " +
            with_sign(difference.interval->high) + "]";
  }
  return text;
}

void print_differences(const EvaluationReport& report, const Against& against, std::size_t at,
                       std::ostream& out) {
  const CutOffDifferences& cut_off = against.differences[at];
  Table table({Align::kLeft, Align::kRight, Align::kRight, Align::kLeft, Align::kRight,
               Align::kRight, Align::kRight});
  table.add({"top " + std::to_string(cut_off.k), "first", "second", "first less second", "better",
             "worse", "equal"});
  for (std::size_t measure = 0; measure < kRankingNames.size(); ++measure) {
    const auto field = kRankingFields<double>[measure];
    const Difference& difference = cut_off.differences.*kRankingFields<Difference>[measure];
    table.add({kRankingNames[measure], fixed(report.model[at].ranking.*field, 4),
               fixed(against.report.model[at].ranking.*field, 4), difference_cell(difference),
               with_commas(difference.better), with_commas(difference.worse),
               with_commas(difference.equal)});
  }
  table.print(out);
}

void print_against(const Evaluation& evaluation, const Against& against, std::ostream& out) {
  out << "compared user by user\n  first   " << evaluation.name << "\n  second  " << against.name
      << '\n';
  for (std::size_t at = 0; at < against.differences.size(); ++at) {
    print_differences(evaluation.report, against, at, out);
  }
}

}  // namespace

void print_evaluation(const Evaluation& evaluation, bool details, std::ostream& out) {
  const EvaluationReport& report = evaluation.report;
  print_head(evaluation, out);
  for (std::size_t at = 0; at < report.model.size(); ++at) {
    print_cut_off(report.model[at], report.popularity[at], out);
  }
  print_ranker_and_values(report, out);
  for (std::size_t at = 0; details && at < report.model.size(); ++at) {
    print_by_history_length(report, at, out);
    print_by_item_popularity(report, at, out);
  }
  if (evaluation.against) print_against(evaluation, *evaluation.against, out);
}

}  // namespace palate::tools
