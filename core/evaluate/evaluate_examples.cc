// A tabular model on test rows: its scores through the runtime, then measures and their intervals.
#include "palate/evaluate_examples.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "data/parallel.h"
#include "evaluate/bootstrap.h"
#include "evaluate/example_measures.h"
#include "evaluate/stage.h"
#include "palate/random.h"
#include "palate/scorer.h"

namespace palate {
namespace {

using internal::Predictions;

constexpr std::size_t kRowsAtOnce = 8192;

Status check_test(const TabularView& tabular, const ExampleLog& test) {
  if (test.rows == 0 || test.labels.empty()) {
    return Error{ErrorCode::kDataEmpty, "there is no labelled row to test on"};
  }
  if (tabular.target == TabularTarget::kValue) return Done{};
  for (const float label : test.labels) {
    if (label == 0 || label == 1) continue;
    return Error{ErrorCode::kRequestInvalid,
                 "the model predicts a probability, and the labels of '" + test.label_name +
                     "' are not all 0 or 1"};
  }
  const auto [least, most] = std::ranges::minmax(test.labels);
  if (least != most) return Done{};
  return Error{ErrorCode::kRequestInvalid,
               "the labels of '" + test.label_name + "' are all the same: nothing can be measured"};
}

struct Outputs {
  std::vector<float> network;
  std::vector<float> linear;
};

Result<Outputs> outputs_of(const Model& model, const ExampleLog& test, internal::ThreadPool& pool) {
  std::vector<Scorer> scorers;
  for (unsigned worker = 0; worker < pool.size(); ++worker) {
    Result<Scorer> scorer = Scorer::create(model);
    if (!scorer) return scorer.error();
    scorers.push_back(std::move(*scorer));
  }
  const std::vector<EncodedColumn> cells =
      encode(test.columns, test.rows, model.tabular()->columns);
  const std::vector<CellsView> columns = views_of(cells);
  Outputs outputs{std::vector<float>(test.rows), std::vector<float>(test.rows)};
  const Status scored =
      pool.try_each_chunk(test.rows, kRowsAtOnce, [&](const internal::Chunk& chunk) {
        const std::size_t count = chunk.end - chunk.begin;
        return scorers[chunk.worker].score(columns, chunk.begin,
                                           std::span(outputs.network).subspan(chunk.begin, count),
                                           std::span(outputs.linear).subspan(chunk.begin, count));
      });
  if (!scored) return scored.error();
  return outputs;
}

/// Rows drawn anew: the users with all their rows, or the rows themselves.
std::vector<std::uint32_t> resampled(const ExampleLog& test,
                                     std::span<const std::uint32_t> user_places, std::size_t users,
                                     Random random) {
  const std::size_t drawn = users > 0 ? users : test.rows;
  std::vector<std::uint32_t> counts(drawn, 0);
  for (std::size_t k = 0; k < drawn; ++k) ++counts[static_cast<std::size_t>(random.below(drawn))];
  if (users == 0) return counts;
  std::vector<std::uint32_t> weights(test.rows);
  for (std::size_t row = 0; row < test.rows; ++row) weights[row] = counts[user_places[row]];
  return weights;
}

/// Users numbered by what the test holds of them; returns how many there are.
std::size_t number_users(const ExampleLog& test, std::vector<std::uint32_t>& places) {
  constexpr std::uint32_t kNowhere = UINT32_MAX;
  std::vector<std::uint32_t> place_of(test.users, kNowhere);
  std::uint32_t users = 0;
  for (const std::uint32_t user : test.user) {
    if (place_of[user] == kNowhere) place_of[user] = users++;
    places.push_back(place_of[user]);
  }
  return users;
}

/// Measures of the network, of the linear head, and their differences, side by side.
std::vector<double> side_by_side(const Predictions& network, const Predictions& linear,
                                 std::span<const std::uint32_t> weights) {
  std::vector<double> all = network.measures(weights);
  const std::vector<double> others = linear.measures(weights);
  const std::size_t count = all.size();
  all.insert(all.end(), others.begin(), others.end());
  for (std::size_t k = 0; k < count; ++k) all.push_back(all[k] - others[k]);
  return all;
}

}  // namespace

Result<ExampleReport> evaluate(const Model& model, const ExampleLog& test,
                               const ExampleEvaluateOptions& options) {
  internal::ThreadPool pool(options.threads);
  if (model.tabular() == nullptr) return Scorer::create(model).error();
  const TabularView& tabular = *model.tabular();
  if (Status checked = check_test(tabular, test); !checked) return checked.error();
  Result<Outputs> outputs = outputs_of(model, test, pool);
  if (!outputs) return outputs.error();
  const Predictions network(tabular.target, std::move(outputs->network), test.labels);
  const Predictions linear(tabular.target, std::move(outputs->linear), test.labels);
  ExampleReport report;
  report.rows = test.rows;
  std::vector<std::uint32_t> user_places;
  report.users = number_users(test, user_places);
  const std::vector<std::uint32_t> once(test.rows, 1);
  const std::vector<double> values = side_by_side(network, linear, once);
  std::vector<std::vector<double>> resamples(options.resamples);
  internal::Stage stage(options.progress, "bootstrap", options.resamples, "resample");
  pool.for_each_chunk(options.resamples, 1, [&](const internal::Chunk& chunk) {
    const Random random(options.seed, chunk.index);
    resamples[chunk.index] =
        side_by_side(network, linear, resampled(test, user_places, report.users, random));
    stage.advance(chunk.worker);
  });
  stage.end();
  const auto estimate = [&](std::size_t at) {
    ExampleMeasure::Estimate result{values[at], std::nullopt};
    if (resamples.empty()) return result;
    std::vector<double> drawn;
    drawn.reserve(resamples.size());
    for (const std::vector<double>& one : resamples) drawn.push_back(one[at]);
    result.interval = internal::percentile_interval(std::move(drawn), kConfidence);
    return result;
  };
  std::vector<std::string_view> names(internal::kValueMeasures.begin(),
                                      internal::kValueMeasures.end());
  if (tabular.target == TabularTarget::kProbability) {
    names.assign(internal::kProbabilityMeasures.begin(), internal::kProbabilityMeasures.end());
    report.positives =
        static_cast<std::uint64_t>(std::count(test.labels.begin(), test.labels.end(), 1.0F));
    report.reliability = network.reliability();
    report.linear_reliability = linear.reliability();
  }
  for (std::size_t k = 0; k < names.size(); ++k) {
    report.measures.push_back(
        {names[k], estimate(k), estimate(k + names.size()), estimate(k + 2 * names.size())});
  }
  return report;
}

}  // namespace palate
