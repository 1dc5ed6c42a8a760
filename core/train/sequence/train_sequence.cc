// The recipe `sequence`: epochs of windows, and the best of them as a model.
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
#include "train/sequence/trainer.h"
#include "train/sequence/validation.h"
#include "train/sequence/windows.h"
#include "train/user_split.h"
#include "train/warm_start.h"

namespace palate::internal {
namespace {

/// Enough to tell a better epoch from a worse one.
constexpr std::size_t kMaxValidationUsers = 1000;

/// Streams of the seed.
enum Stream : std::uint64_t { kModel = 1, kUsers, kWindows, kSteps };

class SequenceTraining {
 public:
  explicit SequenceTraining(const TrainContext& context)
      : context_(context),
        recipe_(context.recipe.sequence),
        stage_(context.stage("sequence")),
        repeats_(context.recipe.data.repeats),
        sequences_(repeats_ ? repeating_sequences_of(context.dataset.histories)
                            : sequences_of(context.dataset.histories)),
        model_(context.dataset, recipe_, seed_of(kModel, 0), context.kernels, context.pool),
        trainer_(context.dataset.catalogue, recipe_, model_, context.kernels, context.pool) {
    divide_users();
  }

  Status run(ModelContents& contents) {
    if (!context_.dataset.has_times) {
      context_.note("the log has no times: each user's rows are taken to be in order");
    }
    start_from_old_model(contents);
    EarlyStopping stopping(recipe_.patience, -1);
    std::uint32_t epoch = 0;
    std::vector<float> best_items = model_.items.vectors();
    std::vector<float> best_network = model_.network.parameters();
    StateParts state = {
        {"epoch", epoch}, {"best items", best_items}, {"best network", best_network}};
    append(trainer_.state(), state);
    append(stopping.state(), state);
    Checkpoint& checkpoint = context_.checkpoint;
    if (Status status = checkpoint.restore(stage_, state); !status) return status.error();
    model_.items.take_over();
    while (epoch < recipe_.epochs && !stopping.stop()) {
      const double loss = run_epoch(++epoch);
      if (!std::isfinite(loss)) {
        return Error{ErrorCode::kRecipeInvalid,
                     "the numbers grew beyond all bounds; lower sequence.learning_rate"};
      }
      if (is_better(epoch, loss, stopping)) {
        std::ranges::copy(model_.items.vectors(), best_items.begin());
        std::ranges::copy(model_.network.parameters(), best_network.begin());
      }
      if (Status status = checkpoint.save(stage_, state); !status) return status.error();
    }
    if (!validation_.empty()) add_metric(contents, "validation ndcg@10", stopping.best());
    contents.dimension = recipe_.dimension;
    contents.item_vectors = std::move(best_items);
    contents.sequence = model_.network.exported(best_network);
    contents.sequence->repeats = repeats_;
    if (!contents.sequence->type_vectors.empty()) {
      contents.event_types = context_.dataset.event_types;
    }
    return Done{};
  }

 private:
  /// The items that an older model holds too start where it left them, and so does the network if
  /// it is of the same shape.
  void start_from_old_model(ModelContents& contents) {
    const Model* old_model = context_.options.from;
    if (old_model != nullptr && old_model->sequence() != nullptr) {
      model_.network.start_from(*old_model->sequence());
    }
    for (const KnownItem& item : items_of_old_model(context_, contents)) {
      const TableView& old_items = context_.options.from->item_vectors();
      std::vector<float> vector(old_items.columns);
      old_items.read(item.old_row, vector);
      model_.items.start_at(item.row, vector);
    }
    model_.items.take_over();
  }

  /// Reports the epoch. Without validation users the last epoch is the best.
  bool is_better(std::uint32_t epoch, double loss, EarlyStopping& stopping) {
    if (validation_.empty()) {
      context_.report({stage_, epoch, recipe_.epochs, "epoch", "loss", loss});
      return true;
    }
    const double ndcg =
        next_item_ndcg(model_, sequences_, !repeats_, validation_, context_.kernels, context_.pool);
    context_.report({stage_, epoch, recipe_.epochs, "epoch", "validation ndcg@10", ndcg});
    return stopping.is_best(ndcg);
  }

  std::uint64_t seed_of(Stream stream, std::uint64_t part) const {
    return Random(context_.options.seed + part, stream).next();
  }

  void divide_users() {
    UserSplit users = split_users(sequences_.user_count(), recipe_.validation_share,
                                  Random(seed_of(kUsers, 0)), kMaxValidationUsers);
    validation_ = std::move(users.validation);
    std::erase_if(validation_, [&](std::uint32_t user) { return sequences_.count(user) < 2; });
    training_users_ = std::move(users.training);
  }

  /// Returns the loss of a target, on average.
  double run_epoch(std::uint32_t epoch) {
    const std::vector<Window> windows =
        draw_windows(sequences_, training_users_, recipe_.window, Random(seed_of(kWindows, epoch)));
    std::uint64_t targets = 0;
    for (const Window& window : windows) targets += window.size();
    const std::uint64_t each = std::max<std::uint64_t>(targets, 1);
    std::uint64_t done = (epoch - 1) * each;
    Random random(seed_of(kSteps, epoch));
    double loss = 0;
    for (std::size_t begin = 0; begin < windows.size() && std::isfinite(loss);) {
      std::size_t size = 0;
      std::size_t end = begin;
      while (end < windows.size() && size < recipe_.batch) size += windows[end++].size();
      const float rate = learning_rate_at(recipe_.schedule, recipe_.learning_rate, recipe_.warm_up,
                                          done, each * recipe_.epochs);
      loss += trainer_.step(sequences_, std::span(windows).subspan(begin, end - begin), rate,
                            Random(random.next()));
      done += size;
      begin = end;
    }
    return loss / static_cast<double>(each);
  }

  const TrainContext& context_;
  const SequenceRecipe& recipe_;
  std::string stage_;
  bool repeats_;  ///< whether an item may come again
  ItemSequences sequences_;
  SequenceModel model_;
  SequenceTrainer trainer_;
  std::vector<std::uint32_t> training_users_;
  std::vector<std::uint32_t> validation_;
};

}  // namespace

Status train_sequence(const TrainContext& context, ModelContents& contents) {
  const SequenceRecipe& recipe = context.recipe.sequence;
  if (recipe.mixer == Mixer::kAttention && recipe.dimension % recipe.heads != 0) {
    return Error{ErrorCode::kRecipeInvalid,
                 "sequence.heads must divide sequence.dimension without a rest"};
  }
  return SequenceTraining(context).run(contents);
}

}  // namespace palate::internal
