// Means over the users at each cut-off, their intervals, and their differences.
#include "evaluate/cut_off_reports.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>

#include "evaluate/bootstrap.h"

namespace palate::internal {
namespace {

constexpr std::size_t kMeasures = kRankingFields<double>.size();

using ListOf = RankedList UserOutcome::*;

BootstrapOptions bootstrap_options(const EvaluateOptions& options) {
  return {options.resamples, options.seed, options.progress};
}

/// Appends the measures of one list at all cut-offs.
void append(std::vector<double>& row, const RankedList& list) {
  for (const ListOutcome& outcome : list.at) {
    for (const auto field : kRankingFields<double>) row.push_back(outcome.ranking.*field);
  }
}

/// Of each user, the model's measures and those of the popular items.
MeasureTable measures_of(const UserPass& pass, std::size_t cut_offs) {
  MeasureTable table{2 * cut_offs * kMeasures, {}};
  table.values.reserve(pass.outcomes.size() * table.columns);
  for (const UserOutcome& outcome : pass.outcomes) {
    append(table.values, outcome.model);
    append(table.values, outcome.popularity);
  }
  return table;
}

/// Sums run in the order of the users: the same whatever the number of threads.
std::vector<double> column_means(const MeasureTable& table) {
  std::vector<double> means(table.columns, 0.0);
  for (std::size_t at = 0; at < table.values.size(); ++at) {
    means[at % table.columns] += table.values[at];
  }
  for (double& mean : means) mean /= static_cast<double>(table.rows());
  return means;
}

/// A mean over what is defined; NaN is not.
class DefinedMean {
 public:
  void add(double value) {
    if (std::isnan(value)) return;
    sum_ += value;
    ++count_;
  }
  std::optional<double> value() const {
    return count_ > 0 ? std::optional(sum_ / static_cast<double>(count_)) : std::nullopt;
  }

 private:
  double sum_ = 0;
  std::uint64_t count_ = 0;
};

ListMetrics list_metrics(const std::vector<UserOutcome>& outcomes, ListOf list,
                         const Exposure& exposure, std::size_t at) {
  DefinedMean diversity, novelty, popularity, after_a_history, of_the_histories;
  for (const UserOutcome& outcome : outcomes) {
    const ListOutcome& measures = (outcome.*list).at[at];
    diversity.add(measures.diversity);
    novelty.add(measures.novelty);
    popularity.add(measures.popularity);
    if (std::isnan(measures.popularity) || outcome.history_length == 0) continue;
    after_a_history.add(measures.popularity);
    of_the_histories.add(outcome.history_popularity);
  }
  ListMetrics metrics;
  metrics.coverage = exposure.coverage(at);
  metrics.diversity = diversity.value();
  metrics.novelty = novelty.value().value_or(0);
  metrics.gini = exposure.gini(at);
  metrics.popularity = popularity.value().value_or(0);
  if (of_the_histories.value()) {
    metrics.popularity_lift = *after_a_history.value() / *of_the_histories.value() - 1;
  }
  return metrics;
}

/// The six columns from `first` on.
CutOffReport cut_off_report(std::uint32_t k, std::size_t first, const std::vector<double>& means,
                            const std::vector<Interval>& intervals) {
  CutOffReport report;
  report.k = k;
  if (!intervals.empty()) report.intervals.emplace();
  for (std::size_t measure = 0; measure < kMeasures; ++measure) {
    report.ranking.*kRankingFields<double>[measure] = means[first + measure];
    if (intervals.empty()) continue;
    *report.intervals.*kRankingFields<Interval>[measure] = intervals[first + measure];
  }
  return report;
}

/// One column: what became better, worse, or stayed.
Difference count_signs(const MeasureTable& table, std::size_t column) {
  Difference difference;
  for (std::size_t at = column; at < table.values.size(); at += table.columns) {
    const double value = table.values[at];
    ++(value > 0 ? difference.better : value < 0 ? difference.worse : difference.equal);
  }
  return difference;
}

}  // namespace

void report_cut_offs(const UserPass& pass, const EvaluateOptions& options, ThreadPool& pool,
                     EvaluationReport& report) {
  const std::size_t cut_offs = options.ks.size();
  const MeasureTable table = measures_of(pass, cut_offs);
  const std::vector<double> means = column_means(table);
  const auto intervals = bootstrap_intervals(table, bootstrap_options(options), pool);
  for (std::size_t at = 0; at < cut_offs; ++at) {
    const std::uint32_t k = options.ks[at];
    report.model.push_back(cut_off_report(k, at * kMeasures, means, intervals));
    report.popularity.push_back(cut_off_report(k, (cut_offs + at) * kMeasures, means, intervals));
    report.model.back().lists =
        list_metrics(pass.outcomes, &UserOutcome::model, pass.model_exposure, at);
    report.popularity.back().lists =
        list_metrics(pass.outcomes, &UserOutcome::popularity, pass.popularity_exposure, at);
  }
}

std::vector<CutOffDifferences> differences(const UserPass& pass, const UserPass& other,
                                           const EvaluateOptions& options, ThreadPool& pool) {
  assert(pass.outcomes.size() == other.outcomes.size());
  MeasureTable table{options.ks.size() * kMeasures, {}};
  std::vector<double> others;
  for (std::size_t user = 0; user < pass.outcomes.size(); ++user) {
    append(table.values, pass.outcomes[user].model);
    append(others, other.outcomes[user].model);
  }
  std::transform(table.values.begin(), table.values.end(), others.begin(), table.values.begin(),
                 std::minus());
  const std::vector<double> means = column_means(table);
  const auto intervals = bootstrap_intervals(table, bootstrap_options(options), pool);
  std::vector<CutOffDifferences> list;
  for (std::size_t column = 0; column < table.columns; ++column) {
    const std::size_t measure = column % kMeasures;
    if (measure == 0) list.push_back({options.ks[column / kMeasures], {}});
    Difference& difference = list.back().differences.*kRankingFields<Difference>[measure];
    difference = count_signs(table, column);
    difference.mean = means[column];
    if (!intervals.empty()) difference.interval = intervals[column];
  }
  return list;
}

}  // namespace palate::internal
