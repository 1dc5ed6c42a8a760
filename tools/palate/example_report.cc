// What the evaluation of a tabular model found out, for people and for scripts.
#include "example_report.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "format.h"

namespace palate::tools {
namespace {

using Json = nlohmann::ordered_json;

std::string signed_text(double number, bool with_sign) {
  return (with_sign && number >= 0 ? "+" : "") + fixed(number, 4);
}

std::string cell(const ExampleMeasure::Estimate& estimate, bool with_sign = false) {
  std::string text = signed_text(estimate.value, with_sign);
  if (estimate.interval) {
    text += " [" + signed_text(estimate.interval->low, with_sign) + ", " +
            signed_text(estimate.interval->high, with_sign) + "]";
  }
  return text;
}

void print_reliability(const char* name, const std::vector<ReliabilityBin>& bins,
                       std::ostream& out) {
  Table table({Align::kLeft, Align::kRight, Align::kRight});
  table.add({std::string(name) + ": rows", "predicted", "observed"});
  for (const ReliabilityBin& bin : bins) {
    table.add({"  " + with_commas(bin.rows), fixed(bin.predicted, 4), fixed(bin.observed, 4)});
  }
  table.print(out);
}

Json estimate_json(const ExampleMeasure::Estimate& estimate) {
  Json json = {{"value", estimate.value}};
  if (estimate.interval) json["interval"] = {estimate.interval->low, estimate.interval->high};
  return json;
}

Json bins_json(const std::vector<ReliabilityBin>& bins) {
  Json list = Json::array();
  for (const ReliabilityBin& bin : bins) {
    list.push_back({{"rows", bin.rows}, {"predicted", bin.predicted}, {"observed", bin.observed}});
  }
  return list;
}

}  // namespace

void print_evaluation(const ExampleEvaluation& evaluation, std::ostream& out) {
  const ExampleReport& report = evaluation.report;
  out << evaluation.name << "  evaluated on " << counted(report.rows, "row");
  if (!report.reliability.empty()) out << ", " << with_commas(report.positives) << " positive";
  out << '\n';
  if (evaluation.resamples > 0) {
    const std::string drawn = report.users > 0 ? with_commas(report.users) + " users" : "rows";
    out << "[low, high]: the bounds of " << fixed(kConfidence * 100, 0) << " % of "
        << counted(evaluation.resamples, "resample") << " of the " << drawn << '\n';
  }
  Table table({Align::kLeft, Align::kLeft, Align::kLeft, Align::kLeft});
  table.add({"", "network", "linear head", "network less linear"});
  for (const ExampleMeasure& measure : report.measures) {
    table.add({std::string(measure.name), cell(measure.network), cell(measure.linear),
               cell(measure.difference, true)});
  }
  table.print(out);
  if (report.reliability.empty()) return;
  print_reliability("network", report.reliability, out);
  print_reliability("linear head", report.linear_reliability, out);
}

Json evaluation_json(const ExampleEvaluation& evaluation) {
  const ExampleReport& report = evaluation.report;
  Json json = {{"model", evaluation.name},
               {"rows", report.rows},
               {"users", report.users},
               {"resamples", evaluation.resamples}};
  for (const ExampleMeasure& measure : report.measures) {
    const std::string name(measure.name);
    json["network"][name] = estimate_json(measure.network);
    json["linear"][name] = estimate_json(measure.linear);
    json["difference"][name] = estimate_json(measure.difference);
  }
  if (report.reliability.empty()) return json;
  json["positives"] = report.positives;
  json["reliability"] = bins_json(report.reliability);
  json["linear_reliability"] = bins_json(report.linear_reliability);
  return json;
}

}  // namespace palate::tools
