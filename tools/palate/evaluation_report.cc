// An evaluation as a table for people and as JSON for scripts.
#include "evaluation_report.h"

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "format.h"

namespace palate::tools {
namespace {

using Json = nlohmann::ordered_json;

template <class Metrics>
struct Field {
  const char* name;
  double Metrics::*value;
};

constexpr std::array<Field<RankingMetrics>, 7> kRanking{{
    {"recall", &RankingMetrics::recall},
    {"precision", &RankingMetrics::precision},
    {"hit_rate", &RankingMetrics::hit_rate},
    {"ndcg", &RankingMetrics::ndcg},
    {"mrr", &RankingMetrics::mrr},
    {"map", &RankingMetrics::map},
    {"coverage", &RankingMetrics::coverage},
}};

constexpr std::array<Field<ClassificationMetrics>, 6> kClassification{{
    {"accuracy", &ClassificationMetrics::accuracy},
    {"precision", &ClassificationMetrics::precision},
    {"recall", &ClassificationMetrics::recall},
    {"f1", &ClassificationMetrics::f1},
    {"auc", &ClassificationMetrics::auc},
    {"log_loss", &ClassificationMetrics::log_loss},
}};

constexpr std::array<Field<ValueMetrics>, 3> kValues{{
    {"mae", &ValueMetrics::mae},
    {"mse", &ValueMetrics::mse},
    {"rmse", &ValueMetrics::rmse},
}};

template <class Metrics, std::size_t kCount>
void add_numbers(Json& json, const Metrics& metrics,
                 const std::array<Field<Metrics>, kCount>& fields) {
  for (const auto& field : fields) json[field.name] = metrics.*field.value;
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

void add_row(Table& table, const char* who, const RankingMetrics& metrics) {
  std::vector<std::string> cells{std::to_string(metrics.k), who};
  for (const auto& field : kRanking) cells.push_back(fixed(metrics.*field.value, 4));
  table.add(std::move(cells));
}

void print_ranking(const EvaluationReport& report, std::ostream& out) {
  std::vector<Align> columns(2 + kRanking.size(), Align::kRight);
  columns[1] = Align::kLeft;
  Table table(std::move(columns));
  std::vector<std::string> header{"k", ""};
  for (const auto& field : kRanking) header.emplace_back(field.name);
  table.add(std::move(header));
  for (std::size_t at = 0; at < report.model.size(); ++at) {
    add_row(table, "model", report.model[at]);
    add_row(table, "popularity", report.popularity[at]);
  }
  table.print(out);
}

Json ranking_json(const std::vector<RankingMetrics>& list) {
  Json rows = Json::array();
  for (const RankingMetrics& metrics : list) {
    Json& row = rows.emplace_back();
    row["k"] = metrics.k;
    add_numbers(row, metrics, kRanking);
  }
  return rows;
}

}  // namespace

void print_evaluation(const EvaluationReport& report, std::ostream& out) {
  out << "evaluated on " << counted(report.users, "user") << " ("
      << with_commas(report.without_history) << " without a known history), "
      << counted(report.held_out, "held-out item") << " (" << with_commas(report.unknown)
      << " unknown to the model: counted as misses)\n";
  print_ranking(report, out);
  if (report.classification) {
    out << "ranker as a classifier of " << with_commas(report.classification->positives)
        << " held-out against " << with_commas(report.classification->negatives)
        << " sampled unseen items\n";
    print_line(*report.classification, kClassification, out);
  }
  if (report.values) {
    out << "predicted values of " << counted(report.values->count, "held-out item") << '\n';
    print_line(*report.values, kValues, out);
  }
}

Json evaluation_json(const EvaluationReport& report) {
  Json json;
  json["users"] = report.users;
  json["without_history"] = report.without_history;
  json["held_out"] = report.held_out;
  json["unknown"] = report.unknown;
  json["model"] = ranking_json(report.model);
  json["popularity"] = ranking_json(report.popularity);
  json["classification"] = nullptr;
  if (report.classification) {
    Json& classification = json["classification"] = Json::object();
    classification["positives"] = report.classification->positives;
    classification["negatives"] = report.classification->negatives;
    add_numbers(classification, *report.classification, kClassification);
  }
  json["values"] = nullptr;
  if (report.values) {
    Json& values = json["values"] = Json::object();
    values["count"] = report.values->count;
    add_numbers(values, *report.values, kValues);
  }
  return json;
}

}  // namespace palate::tools
