// Transitions: how often an item was touched soon after another.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "model/portable_math.h"
#include "train/algorithms.h"
#include "train/weight_rows.h"

namespace palate::internal {
namespace {

constexpr std::size_t kRowChunk = 64;
constexpr std::size_t kReportedRows = 64 * kRowChunk;
constexpr double kDayMs = 24.0 * 60 * 60 * 1000;
constexpr double kLn2 = 0.6931471805599453;

/// Where each item stands in the histories.
struct Occurrence {
  std::size_t event = 0;
  std::size_t history_end = 0;
};
struct Occurrences {
  std::vector<std::size_t> offsets;  ///< items + 1
  std::vector<Occurrence> places;    ///< in order of the histories
};

Occurrences find_occurrences(const Histories& histories, std::size_t items) {
  Occurrences found;
  found.offsets.assign(items + 1, 0);
  for (const Event& event : histories.events) ++found.offsets[to_row(event.item) + 1];
  for (std::size_t item = 0; item < items; ++item) found.offsets[item + 1] += found.offsets[item];
  found.places.resize(histories.events.size());
  std::vector<std::size_t> next(found.offsets.begin(), found.offsets.end() - 1);
  for (std::size_t user = 0; user < histories.user_count(); ++user) {
    const std::size_t end = histories.offsets[user + 1];
    for (std::size_t event = histories.offsets[user]; event < end; ++event) {
      found.places[next[to_row(histories.events[event].item)]++] = {event, end};
    }
  }
  return found;
}

/// 2^(-age / half-life), by the age of each event against the newest; empty: all count in full.
std::vector<float> age_weights(const Dataset& dataset, double half_life_days) {
  if (half_life_days == 0 || !dataset.has_times) return {};
  const std::vector<Event>& events = dataset.histories.events;
  std::int64_t newest = 0;
  for (const Event& event : events) newest = std::max(newest, event.time_ms);
  std::vector<float> weights;
  weights.reserve(events.size());
  for (const Event& event : events) {
    // An event whose time is unknown is taken for a new one.
    const std::int64_t age_ms = event.time_ms == 0 ? 0 : newest - event.time_ms;
    const double half_lives = static_cast<double>(age_ms) / kDayMs / half_life_days;
    weights.push_back(static_cast<float>(portable_exp(-kLn2 * std::min(half_lives, 1000.0))));
  }
  return weights;
}

/// The counts of one row, summed in place: dense, with a list of what was touched.
class RowCounter {
 public:
  explicit RowCounter(std::size_t items) : counts_(items) {}

  void add(std::uint32_t item, double weight) {
    if (counts_[item] == 0) touched_.push_back(item);
    counts_[item] += weight;
    sum_ += weight;
  }

  /// c_ji / (c_j + shrinkage) / popularity_i^damping of all that was added, and begins anew.
  WeightRow take(const TransitionsRecipe& recipe, const std::vector<std::uint32_t>& popularity) {
    WeightRow row;
    row.reserve(touched_.size());
    for (const std::uint32_t item : touched_) {
      const double damped = portable_exp(
          -recipe.popularity_damping * portable_log(std::max<std::uint32_t>(popularity[item], 1)));
      const double share = std::exchange(counts_[item], 0) / (sum_ + recipe.shrinkage);
      row.push_back({item, static_cast<float>(share * damped)});
    }
    touched_.clear();
    sum_ = 0;
    return row;
  }

 private:
  std::vector<double> counts_;
  std::vector<std::uint32_t> touched_;
  double sum_ = 0;
};

class TransitionCounts {
 public:
  TransitionCounts(const Dataset& dataset, const TransitionsRecipe& recipe)
      : dataset_(dataset),
        recipe_(recipe),
        occurrences_(find_occurrences(dataset.histories, dataset.catalogue.ids.size())),
        age_weights_(age_weights(dataset, recipe.half_life_days)) {
    double weight = 1;
    for (std::uint32_t step = 0; step < recipe.window; ++step, weight *= recipe.decay) {
      step_weights_.push_back(weight);
    }
  }

  WeightRow row(std::size_t item, RowCounter& counter) const {
    const std::vector<Event>& events = dataset_.histories.events;
    for (std::size_t k = occurrences_.offsets[item]; k < occurrences_.offsets[item + 1]; ++k) {
      const Occurrence& from = occurrences_.places[k];
      const std::size_t steps =
          std::min<std::size_t>(recipe_.window, from.history_end - from.event - 1);
      for (std::size_t step = 0; step < steps; ++step) {
        const std::size_t to = from.event + 1 + step;
        const double age = age_weights_.empty() ? 1 : age_weights_[to];
        counter.add(static_cast<std::uint32_t>(to_row(events[to].item)), step_weights_[step] * age);
      }
    }
    WeightRow row = counter.take(recipe_, dataset_.catalogue.popularity);
    prune(row, recipe_.neighbours);
    return row;
  }

 private:
  const Dataset& dataset_;
  const TransitionsRecipe& recipe_;
  Occurrences occurrences_;
  std::vector<float> age_weights_;
  std::vector<double> step_weights_;
};

std::vector<WeightRow> count_rows(const TrainContext& context) {
  const std::size_t items = context.dataset.catalogue.ids.size();
  const TransitionCounts counts(context.dataset, context.recipe.transitions);
  std::vector<RowCounter> counters(context.pool.size(), RowCounter(items));
  std::vector<WeightRow> rows(items);
  for (std::size_t begin = 0; begin < items; begin += kReportedRows) {
    const std::size_t end = std::min(begin + kReportedRows, items);
    context.pool.for_each_chunk(end - begin, kRowChunk, [&](const Chunk& chunk) {
      for (std::size_t item = begin + chunk.begin; item < begin + chunk.end; ++item) {
        rows[item] = counts.row(item, counters[chunk.worker]);
      }
    });
    context.report({"transitions", end, items, "item", {}, 0});
  }
  return rows;
}

/// How much an item of the history counts by its place: newest first, and 0 beyond the window.
std::vector<float> recency_of(const TransitionsRecipe& recipe) {
  std::vector<float> recency;
  double weight = 1;
  for (std::uint32_t place = 0; place < recipe.history_window; ++place) {
    recency.push_back(static_cast<float>(weight));
    weight *= recipe.history_decay;
  }
  recency.push_back(0);
  return recency;
}

}  // namespace

Status train_transitions(const TrainContext& context, ModelContents& contents) {
  Result<ItemWeights> weights = to_item_weights(count_rows(context));
  if (!weights) return weights.error();
  weights->weights = {recency_of(context.recipe.transitions), 0.0F, 1.0F};
  add_metric(contents, "weights an item",
             static_cast<double>(weights->values.size()) /
                 static_cast<double>(weights->offsets.size() - 1));
  contents.item_weights = std::move(*weights);
  return Done{};
}

}  // namespace palate::internal
