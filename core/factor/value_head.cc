// The prediction of values (ratings), where the log has them.
#include "factor/value_head.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "factor/facts.h"
#include "factor/sparse_rows.h"
#include "factor/user_solver.h"
#include "palate/random.h"

namespace palate::internal {
namespace {

constexpr std::size_t kUserChunk = 64;
constexpr std::uint64_t kHeldOutOneIn = 5;

/// Sums behind the biases: an item's deviations from the mean, and how many there are.
struct ItemSums {
  std::vector<double> deviation;
  std::vector<std::uint32_t> count;
};

double mean_value(const Dataset& dataset) {
  double sum = 0;
  std::uint64_t count = 0;
  for (const Event& event : dataset.histories.events) {
    if (std::isnan(event.value)) continue;
    sum += event.value;
    ++count;
  }
  return sum / static_cast<double>(count);
}

ItemSums item_sums(const Dataset& dataset, double mean) {
  const std::size_t items = dataset.catalogue.ids.size();
  ItemSums sums{std::vector<double>(items), std::vector<std::uint32_t>(items)};
  for (const Event& event : dataset.histories.events) {
    if (std::isnan(event.value)) continue;
    sums.deviation[to_row(event.item)] += event.value - mean;
    ++sums.count[to_row(event.item)];
  }
  return sums;
}

double damped(double sum, double count, double damping) {
  return count + damping > 0 ? sum / (count + damping) : 0;
}

/// One held-out value: what the biases leave of it, and the retrieval score.
struct HeldOut {
  double rest = 0;
  double score = 0;
};

/// Holds a part of each user's valued events out.
class Holdout {
 public:
  Holdout(const Dataset& dataset, const UserSolver& solver, const ValueHead& head,
          double item_damping, std::uint64_t seed)
      : dataset_(dataset),
        solver_(solver),
        head_(head),
        item_damping_(item_damping),
        seed_(seed),
        sums_(item_sums(dataset, head.mean)) {}

  /// Appends the held-out values of one user.
  void add_user(std::size_t user, std::span<const float> item_vectors, std::vector<float>& scratch,
                std::vector<float>& vector, std::vector<HeldOut>& held_out) const {
    Random random(seed_, user);
    Histories rest;
    std::vector<Event> targets;
    for (const Event& event : dataset_.histories.of(user)) {
      const bool held = random.below(kHeldOutOneIn) == 0 && !std::isnan(event.value);
      (held ? targets : rest.events).push_back(event);
    }
    if (targets.empty() || rest.events.empty()) return;
    rest.offsets.push_back(rest.events.size());
    const SparseRows rows = rows_of(rest);
    solver_.solve(rows.columns, rows.weights, scratch, vector);
    const double visitor_bias = bias_of_visitor(rest.events);
    for (const Event& event : targets) {
      const float* item = &item_vectors[to_row(event.item) * vector.size()];
      double score = 0;
      for (std::size_t c = 0; c < vector.size(); ++c) score += double{vector[c]} * item[c];
      held_out.push_back({event.value - head_.mean - bias_without(event) - visitor_bias, score});
    }
  }

 private:
  double bias_of_visitor(std::span<const Event> history) const {
    double sum = 0;
    double count = 0;
    for (const Event& event : history) {
      if (std::isnan(event.value)) continue;
      sum += event.value - head_.mean - head_.item_bias[to_row(event.item)];
      ++count;
    }
    return damped(sum, count, head_.visitor_damping);
  }

  /// The bias of the event's item had the event not been in the log.
  double bias_without(const Event& event) const {
    const std::size_t item = to_row(event.item);
    return damped(sums_.deviation[item] - (event.value - head_.mean), sums_.count[item] - 1.0,
                  item_damping_);
  }

  const Dataset& dataset_;
  const UserSolver& solver_;
  const ValueHead& head_;
  double item_damping_;
  std::uint64_t seed_;
  ItemSums sums_;
};

/// What the fit of the slope saw.
struct SlopeFit {
  double rmse = 0;  ///< of the held-out values, with the slope
  std::uint64_t count = 0;
};

/// Fits the slope by least squares: a fifth of each user's valued events is held out, the user
/// vector and the visitor bias are taken from the rest, and the item's bias without the event.
SlopeFit fit_slope(const Dataset& dataset, const UserSolver& solver,
                   std::span<const float> item_vectors, const ValuesRecipe& recipe,
                   std::uint64_t seed, Workers& workers, ValueHead& head) {
  const std::size_t users = dataset.histories.user_count();
  const std::size_t dimension = item_vectors.size() / dataset.catalogue.ids.size();
  const Holdout holdout(dataset, solver, head, recipe.item_damping, seed);
  std::vector<std::vector<float>> scratch(workers.size(), solver.scratch());
  std::vector<std::vector<HeldOut>> parts(Workers::chunk_count(users, kUserChunk));
  workers.for_each_chunk(users, kUserChunk, [&](const Chunk& chunk) {
    std::vector<float> vector(dimension);
    for (std::size_t user = chunk.begin; user < chunk.end; ++user) {
      holdout.add_user(user, item_vectors, scratch[chunk.worker], vector, parts[chunk.index]);
    }
  });
  SlopeFit fit;
  double product = 0;
  double squared_score = 0;
  double squared_rest = 0;
  for (const std::vector<HeldOut>& part : parts) {
    for (const HeldOut& value : part) {
      product += value.rest * value.score;
      squared_score += value.score * value.score;
      squared_rest += value.rest * value.rest;
      ++fit.count;
    }
  }
  if (squared_score > 0) head.slope = static_cast<float>(product / squared_score);
  if (fit.count > 0) {
    const double left = squared_rest - head.slope * product;
    fit.rmse = std::sqrt(std::max(0.0, left) / static_cast<double>(fit.count));
  }
  return fit;
}

}  // namespace

bool has_values(const Dataset& dataset) {
  const std::vector<Event>& events = dataset.histories.events;
  return dataset.has_values && std::any_of(events.begin(), events.end(), [](const Event& event) {
           return !std::isnan(event.value);
         });
}

ValueHead train_biases(const Dataset& dataset, const ValuesRecipe& recipe) {
  ValueHead head;
  head.mean = static_cast<float>(mean_value(dataset));
  head.visitor_damping = recipe.visitor_damping;
  head.minimum = std::numeric_limits<float>::infinity();
  head.maximum = -head.minimum;
  for (const Event& event : dataset.histories.events) {
    if (std::isnan(event.value)) continue;
    head.minimum = std::min(head.minimum, event.value);
    head.maximum = std::max(head.maximum, event.value);
  }
  const ItemSums sums = item_sums(dataset, head.mean);
  head.item_bias.reserve(sums.count.size());
  for (std::size_t item = 0; item < sums.count.size(); ++item) {
    head.item_bias.push_back(
        static_cast<float>(damped(sums.deviation[item], sums.count[item], recipe.item_damping)));
  }
  return head;
}

void add_value_head(const Dataset& dataset, const ValuesRecipe& recipe, const IalsRecipe& ials,
                    std::uint64_t seed, const FactorKernels& kernels, Workers& workers,
                    ModelContents& contents) {
  if (contents.value_head || !has_values(dataset)) return;
  contents.value_head = train_biases(dataset, recipe);
  if (!contents.fold_in) return;
  const UserSolver solver(contents.item_vectors, ials.dimension, objective_of(ials, dataset),
                          kernels, workers);
  const SlopeFit fit = fit_slope(dataset, solver, contents.item_vectors, recipe, seed, workers,
                                 *contents.value_head);
  if (fit.count > 0) add_metric(contents, "held-out value rmse", fit.rmse);
}

}  // namespace palate::internal
