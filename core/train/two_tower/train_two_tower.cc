// The recipe `two-tower`: epochs of visits, and the best of them as a model.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "palate/random.h"
#include "train/algorithms.h"
#include "train/checkpoint.h"
#include "train/optimize/early_stopping.h"
#include "train/optimize/schedule.h"
#include "train/two_tower/trainer.h"
#include "train/two_tower/validation.h"
#include "train/two_tower/visits.h"
#include "train/user_split.h"
#include "train/warm_start.h"

namespace palate::internal {
namespace {

/// Enough to tell a better epoch from a worse one.
constexpr std::size_t kMaxValidationUsers = 5000;

/// Streams of the seed.
enum Stream : std::uint64_t { kTables = 1, kUsers, kVisits, kNegatives };

/// The sequences with the items of each user in random order.
ItemSequences in_random_order(ItemSequences sequences, Random random) {
  for (std::size_t user = 0; user < sequences.user_count(); ++user) {
    const std::size_t first = sequences.offsets[user];
    for (std::size_t left = sequences.count(user); left > 1; --left) {
      const std::size_t other = first + random.below(left);
      std::swap(sequences.items[first + left - 1], sequences.items[other]);
      std::swap(sequences.weights[first + left - 1], sequences.weights[other]);
    }
  }
  return sequences;
}

class TwoTowerTraining {
 public:
  explicit TwoTowerTraining(const TrainContext& context)
      : context_(context),
        recipe_(context.recipe.two_tower),
        stage_(context.stage("two-tower")),
        ordered_(context.dataset.has_times),
        sequences_(sequences_of(context.dataset.histories)),
        towers_(context.dataset.catalogue, recipe_, ordered_, seed_of(kTables, 0), context.kernels,
                context.pool),
        trainer_(context.dataset.catalogue, recipe_, towers_, context.kernels, context.pool) {
    if (!ordered_) sequences_ = in_random_order(std::move(sequences_), random_of(kUsers, 1));
    divide_users();
  }

  Status run(ModelContents& contents) {
    start_from_old_model(contents);
    VisitPlan plan(sequences_, training_users_, ordered_, recipe_.targets);
    EarlyStopping stopping(recipe_.patience, -1);
    std::uint32_t epoch = 0;
    Numbers best = numbers();
    StateParts state = state_with(epoch, best);
    append(stopping.state(), state);
    Checkpoint& checkpoint = context_.checkpoint;
    if (Status status = checkpoint.restore(stage_, state); !status) return status.error();
    towers_.take_over();
    while (epoch < recipe_.epochs && !stopping.stop()) {
      const double loss = run_epoch(plan, ++epoch);
      if (!std::isfinite(loss)) {
        return Error{ErrorCode::kRecipeInvalid,
                     "the vectors grew beyond all numbers; lower two_tower.learning_rate"};
      }
      if (is_better(epoch, loss, stopping)) keep(numbers(), best);
      if (Status status = checkpoint.save(stage_, state); !status) return status.error();
    }
    if (!validation_.empty()) add_metric(contents, "validation recall@20", stopping.best());
    export_model(best, contents);
    return Done{};
  }

 private:
  /// What the model file gets of an epoch.
  struct Numbers {
    std::vector<float> items;
    std::vector<float> history;
    std::vector<float> recency;
  };

  Numbers numbers() const {
    Numbers now{towers_.items.vectors(), {}, towers_.encoder.exported().recency};
    if (towers_.history) now.history = towers_.history->vectors();
    return now;
  }

  /// The items that an older model holds too start where it left them, and so does recency.
  void start_from_old_model(ModelContents& contents) {
    if (context_.options.from != nullptr && context_.options.from->weighted_mean() != nullptr) {
      towers_.encoder.start_from(context_.options.from->weighted_mean()->weights);
    }
    for (const KnownItem& item : items_of_old_model(context_, contents)) {
      const Model& old_model = *context_.options.from;
      const TableView& old_items = old_model.item_vectors();
      std::vector<float> vector(old_items.columns);
      old_items.read(item.old_row, vector);
      towers_.items.start_at(item.row, vector);
      if (!towers_.history) continue;
      const WeightedMeanView* mean = old_model.weighted_mean();
      const TableView& old_history = mean != nullptr ? mean->history_vectors : old_items;
      old_history.read(item.old_row, vector);
      towers_.history->start_at(item.row, vector);
    }
    towers_.take_over();
  }

  /// In place: the checkpoint's parts stay where they are.
  static void keep(const Numbers& now, Numbers& best) {
    std::ranges::copy(now.items, best.items.begin());
    std::ranges::copy(now.history, best.history.begin());
    std::ranges::copy(now.recency, best.recency.begin());
  }

  StateParts state_with(std::uint32_t& epoch, Numbers& best) {
    StateParts parts = {{"epoch", epoch},
                        {"best items", best.items},
                        {"best history", best.history},
                        {"best recency", best.recency}};
    append(towers_.state(), parts);
    return parts;
  }

  /// Reports the epoch. Without validation users the last epoch is the best.
  bool is_better(std::uint32_t epoch, double loss, EarlyStopping& stopping) {
    if (validation_.empty()) {
      context_.report({stage_, epoch, recipe_.epochs, "epoch", "loss", loss});
      return true;
    }
    const double recall = recall_at_20(towers_, sequences_, validation_, recipe_.dimension,
                                       context_.kernels, context_.pool);
    context_.report({stage_, epoch, recipe_.epochs, "epoch", "validation recall@20", recall});
    return stopping.is_best(recall);
  }

  std::uint64_t seed_of(Stream stream, std::uint64_t part) const {
    return Random(context_.options.seed + part, stream).next();
  }
  Random random_of(Stream stream, std::uint64_t part) const {
    return Random(seed_of(stream, part));
  }

  void divide_users() {
    UserSplit users = split_users(sequences_.user_count(), recipe_.validation_share,
                                  random_of(kUsers, 0), kMaxValidationUsers);
    validation_ = validation_visits(sequences_, users.validation);
    training_users_ = std::move(users.training);
  }

  /// Returns the loss of a target, on average.
  double run_epoch(VisitPlan& plan, std::uint32_t epoch) {
    const std::vector<TowerVisit> visits = plan.draw(random_of(kVisits, epoch));
    double loss = 0;
    std::uint64_t targets = 0;
    for (const TowerVisit& visit : visits) targets += visit.targets();
    const std::uint64_t all = std::max<std::uint64_t>(targets, 1) * recipe_.epochs;
    std::uint64_t done = (epoch - 1) * std::max<std::uint64_t>(targets, 1);
    Random random = random_of(kNegatives, epoch);
    for (std::size_t begin = 0; begin < visits.size() && std::isfinite(loss);) {
      std::size_t size = 0;
      std::size_t end = begin;
      while (end < visits.size() && size < recipe_.batch) size += visits[end++].targets();
      const float rate = learning_rate_at(recipe_.schedule, recipe_.learning_rate, recipe_.warm_up,
                                          std::min(done, all - 1), all);
      loss += trainer_.step(plan.sequences(), std::span(visits).subspan(begin, end - begin), rate,
                            Random(random.next()));
      done += size;
      begin = end;
    }
    return loss / static_cast<double>(std::max<std::uint64_t>(targets, 1));
  }

  void export_model(Numbers& best, ModelContents& contents) const {
    contents.dimension = recipe_.dimension;
    contents.item_vectors = std::move(best.items);
    contents.weighted_mean = {towers_.encoder.exported(), std::move(best.history)};
    contents.weighted_mean->weights.recency = std::move(best.recency);
  }

  const TrainContext& context_;
  const TwoTowerRecipe& recipe_;
  std::string stage_;
  bool ordered_;
  ItemSequences sequences_;
  Towers towers_;
  TwoTowerTrainer trainer_;
  std::vector<std::uint32_t> training_users_;
  std::vector<TowerVisit> validation_;
};

}  // namespace

Status train_two_tower(const TrainContext& context, ModelContents& contents) {
  return TwoTowerTraining(context).run(contents);
}

}  // namespace palate::internal
