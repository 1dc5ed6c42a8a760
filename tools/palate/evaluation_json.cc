// An evaluation as JSON for scripts.
#include "evaluation_json.h"

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "evaluation_fields.h"

namespace palate::tools {
namespace {

using Json = nlohmann::ordered_json;

template <class Metrics, std::size_t kCount>
void add_numbers(Json& json, const Metrics& metrics,
                 const std::array<Field<Metrics>, kCount>& fields) {
  for (const auto& field : fields) json[field.name] = metrics.*field.value;
}

Json number_or_null(const std::optional<double>& number) {
  return number ? Json(*number) : Json(nullptr);
}

Json interval_json(const Interval& interval) { return {interval.low, interval.high}; }

Json cut_off_json(const CutOffReport& report) {
  Json json;
  json["k"] = report.k;
  for (std::size_t at = 0; at < kRankingNames.size(); ++at) {
    json[kRankingNames[at]] = report.ranking.*kRankingFields<double>[at];
  }
  for (const ListField& field : kListFields) {
    json[field.name] = number_or_null(field.value(report.lists));
  }
  json["intervals"] = nullptr;
  for (std::size_t at = 0; report.intervals && at < kRankingNames.size(); ++at) {
    json["intervals"][kRankingNames[at]] =
        interval_json(*report.intervals.*kRankingFields<Interval>[at]);
  }
  return json;
}

template <class T, class ToJson>
Json list_json(const std::vector<T>& list, ToJson to_json) {
  Json json = Json::array();
  for (const T& entry : list) json.push_back(to_json(entry));
  return json;
}

Json part_json(const PartMetrics& metrics) {
  return {{"k", metrics.k}, {"recall", metrics.recall}, {"ndcg", metrics.ndcg}};
}

Json history_length_json(const HistoryLengthReport& part) {
  Json json;
  json["shortest"] = part.shortest;
  json["longest"] =
      part.longest == HistoryLengthReport::kNoLimit ? Json(nullptr) : Json(part.longest);
  json["users"] = part.users;
  json["model"] = list_json(part.model, part_json);
  json["popularity"] = list_json(part.popularity, part_json);
  return json;
}

Json item_popularity_json(const ItemPopularityReport& part) {
  Json json;
  json["class"] = name_of(part.popularity_class, kPopularityClassNames);
  json["items"] = part.items;
  json["share"] = part.share;
  json["held_out"] = part.held_out;
  json["users"] = part.users;
  json["model"] = list_json(part.model, part_json);
  json["popularity"] = list_json(part.popularity, part_json);
  return json;
}

Json classification_json(const std::optional<ClassificationMetrics>& metrics) {
  if (!metrics) return nullptr;
  Json json;
  json["positives"] = metrics->positives;
  json["negatives"] = metrics->negatives;
  add_numbers(json, *metrics, kClassificationFields);
  return json;
}

Json values_json(const std::optional<ValueMetrics>& metrics) {
  if (!metrics) return nullptr;
  Json json;
  json["count"] = metrics->count;
  add_numbers(json, *metrics, kValueFields);
  return json;
}

void add_report(Json& json, const EvaluationReport& report) {
  json["users"] = report.users;
  json["without_history"] = report.without_history;
  json["held_out"] = report.held_out;
  json["unknown"] = report.unknown;
  json["diversity_of"] = report.diversity_basis == DiversityBasis::kNone
                             ? Json(nullptr)
                             : Json(name_of(report.diversity_basis, kDiversityBasisNames));
  json["model"] = list_json(report.model, cut_off_json);
  json["popularity"] = list_json(report.popularity, cut_off_json);
  json["by_history_length"] = list_json(report.by_history_length, history_length_json);
  json["by_item_popularity"] = list_json(report.by_item_popularity, item_popularity_json);
  json["classification"] = classification_json(report.classification);
  json["values"] = values_json(report.values);
}

Json difference_json(const Difference& difference) {
  Json json;
  json["mean"] = difference.mean;
  json["interval"] = difference.interval ? interval_json(*difference.interval) : Json(nullptr);
  json["better"] = difference.better;
  json["worse"] = difference.worse;
  json["equal"] = difference.equal;
  return json;
}

Json differences_json(const CutOffDifferences& cut_off) {
  Json json;
  json["k"] = cut_off.k;
  for (std::size_t at = 0; at < kRankingNames.size(); ++at) {
    json[kRankingNames[at]] = difference_json(cut_off.differences.*kRankingFields<Difference>[at]);
  }
  return json;
}

Json against_json(const std::optional<Against>& against) {
  if (!against) return nullptr;
  Json json;
  json["name"] = against->name;
  json["differences"] = list_json(against->differences, differences_json);
  add_report(json["report"], against->report);
  return json;
}

}  // namespace

Json evaluation_json(const Evaluation& evaluation) {
  Json json;
  json["name"] = evaluation.name;
  json["resamples"] = evaluation.resamples;
  json["confidence"] = kConfidence;
  add_report(json, evaluation.report);
  json["against"] = against_json(evaluation.against);
  return json;
}

}  // namespace palate::tools
