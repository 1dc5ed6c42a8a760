// The recipe click: a network and a linear head on the columns of a behaviour log.
#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "palate/random.h"
#include "palate/train.h"
#include "train/algorithms.h"
#include "train/click/click_network.h"
#include "train/click/linear_head.h"
#include "train/click/training_rows.h"
#include "train/instruction_set.h"
#include "train/optimize/early_stopping.h"
#include "train/training_identity.h"
#include "train/warm_start.h"

namespace palate {
namespace internal {
namespace {

/// Stream of the seed.
constexpr std::uint64_t kOrder = 24;

bool is_click_log(const ExampleLog& examples) {
  return std::ranges::all_of(examples.labels, [](float y) { return y == 0 || y == 1; });
}

Result<TabularTarget> target_of(const ExampleLog& examples, ClickTarget target) {
  const bool clicks = is_click_log(examples);
  if (target == ClickTarget::kProbability && !clicks) {
    return Error{ErrorCode::kRequestInvalid,
                 "a probability needs labels of 0 and 1, and the column '" + examples.label_name +
                     "' has others; give click.target=value or another label"};
  }
  const auto [least, most] = std::ranges::minmax(examples.labels);
  if (least == most) {
    return Error{ErrorCode::kDataEmpty, "all labels are the same: there is nothing to learn"};
  }
  return clicks && target != ClickTarget::kValue ? TabularTarget::kProbability
                                                 : TabularTarget::kValue;
}

Status check_examples(const ExampleLog& examples) {
  if (examples.labels.empty()) {
    return Error{ErrorCode::kDataEmpty, "the examples have no labels to learn from"};
  }
  if (examples.rows >= 10) return Done{};
  return Error{ErrorCode::kDataEmpty,
               "there are " + std::to_string(examples.rows) + " examples; 10 are the least"};
}

/// One training, its parts in the order in which they are made.
class ClickTraining {
 public:
  ClickTraining(const ExampleLog& examples, const Recipe& recipe, const TrainOptions& options,
                const Kernels& kernels, ThreadPool& pool, Checkpoint& checkpoint)
      : examples_(examples),
        recipe_(recipe.click),
        options_(options),
        kernels_(kernels),
        pool_(pool),
        checkpoint_(checkpoint) {}

  Status run(ModelContents& contents);

 private:
  Status divide_rows();
  Status fit();
  void standardise_labels();
  Status train_network(ClickNetwork& network);
  std::vector<DenseLayer> exported(const ClickNetwork& network) const;
  void describe(ModelContents& contents, const LinearHead& head) const;
  const char* loss_name() const { return is_value() ? "validation mse" : "validation log loss"; }
  bool is_value() const { return rows_.target == TabularTarget::kValue; }
  /// A loss in the label's own unit: of values the squared error.
  double shown(double loss) const {
    return is_value() ? 2 * loss * label_deviation_ * label_deviation_ : loss;
  }

  const ExampleLog& examples_;
  const ClickRecipe& recipe_;
  const TrainOptions& options_;
  const Kernels& kernels_;
  ThreadPool& pool_;
  Checkpoint& checkpoint_;

  ExampleSplit parts_;  ///< what is held out is the validation part
  std::vector<TabularColumn> columns_;
  std::vector<EncodedColumn> cells_;
  std::vector<float> labels_;
  double label_mean_ = 0;
  double label_deviation_ = 1;
  TrainingRows rows_;
  double loss_ = 0;           ///< of the epoch that was kept, on the validation rows
  double constant_loss_ = 0;  ///< of the mean label
  std::uint32_t epochs_ = 0;
};

/// The newest rows validate where there are times, so that it is told how well the model does
/// later; else rows at random.
Status ClickTraining::divide_rows() {
  ExampleSplitOptions options;
  options.protocol =
      examples_.time_ms.empty() ? ExampleProtocol::kRowSplit : ExampleProtocol::kTimeSplit;
  options.share = recipe_.validation_share;
  options.seed = options_.seed;
  Result<ExampleSplit> parts = split(examples_, options);
  if (!parts && options.protocol == ExampleProtocol::kTimeSplit) {
    options.protocol = ExampleProtocol::kRowSplit;  // all at one time
    parts = split(examples_, options);
  }
  if (!parts) return parts.error();
  parts_ = std::move(*parts);
  return Done{};
}

Status ClickTraining::fit() {
  std::vector<std::string> left_out;
  columns_ = fit_columns(examples_.columns, parts_.train, recipe_.features, left_out);
  if (options_.note) {
    for (const std::string& column : left_out) options_.note("no feature: " + column);
  }
  if (columns_.empty()) {
    return Error{ErrorCode::kDataEmpty,
                 "no column of the log tells anything: there are no features"};
  }
  cells_ = encode(examples_.columns, examples_.rows, columns_);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    for (float& x : cells_[c].numbers) {
      if (!std::isnan(x)) x = scaled(columns_[c].scale, x);
    }
  }
  return Done{};
}

/// Values in units of their own spread; clicks as they are.
void ClickTraining::standardise_labels() {
  labels_ = examples_.labels;
  double sum = 0;
  double squares = 0;
  for (const std::uint32_t row : parts_.train) sum += labels_[row];
  label_mean_ = sum / static_cast<double>(parts_.train.size());
  if (!is_value()) return;
  for (const std::uint32_t row : parts_.train) {
    squares += (labels_[row] - label_mean_) * (labels_[row] - label_mean_);
  }
  label_deviation_ = std::sqrt(squares / static_cast<double>(parts_.train.size()));
  if (label_deviation_ == 0) label_deviation_ = 1;
  for (float& y : labels_) {
    y = static_cast<float>((y - label_mean_) / label_deviation_);
  }
}

Status ClickTraining::train_network(ClickNetwork& network) {
  std::vector<std::uint32_t> order = parts_.train;
  std::vector<float> best = network.mlp().parameters();
  std::vector<float> best_embeddings = network.embeddings();
  constant_loss_ = network.loss_of(parts_.test);
  loss_ = constant_loss_;
  EarlyStopping stopping(recipe_.patience, -loss_);
  StateParts state = {{"epochs", epochs_},
                      {"loss", loss_},
                      {"order", order},
                      {"best", best},
                      {"best embeddings", best_embeddings}};
  append(network.state(), state);
  append(stopping.state(), state);
  if (Status restored = checkpoint_.restore("click", state); !restored) return restored;
  while (epochs_ < recipe_.epochs && !stopping.stop()) {
    ++epochs_;
    Random(Random(options_.seed + epochs_, kOrder).next()).shuffle(std::span(order));
    for (std::size_t begin = 0; begin < order.size(); begin += recipe_.batch) {
      const std::size_t size = std::min<std::size_t>(recipe_.batch, order.size() - begin);
      network.train_batch(std::span(order).subspan(begin, size));
    }
    const double now = network.loss_of(parts_.test);
    if (stopping.is_best(-now)) {
      loss_ = now;
      best = network.mlp().parameters();
      best_embeddings = network.embeddings();
    }
    if (options_.progress) {
      options_.progress({"network", epochs_, recipe_.epochs, "epoch", loss_name(), shown(now)});
    }
    if (Status saved = checkpoint_.save("click", state); !saved) return saved;
  }
  network.mlp().parameters() = best;
  network.embeddings() = best_embeddings;
  return Done{};
}

/// The network's layers for labels as they are.
std::vector<DenseLayer> ClickTraining::exported(const ClickNetwork& network) const {
  std::vector<DenseLayer> layers = network.mlp().exported({});
  if (!is_value()) return layers;
  DenseLayer& last = layers.back();
  for (float& weight : last.weights) weight *= static_cast<float>(label_deviation_);
  last.bias[0] = static_cast<float>(last.bias[0] * label_deviation_ + label_mean_);
  return layers;
}

void ClickTraining::describe(ModelContents& contents, const LinearHead& head) const {
  TrainingFacts& facts = contents.facts;
  const std::set<std::uint32_t> users(examples_.user.begin(), examples_.user.end());
  facts.users = users.size();
  facts.interactions = examples_.rows;
  facts.seed = options_.seed;
  for (const std::int64_t time : examples_.time_ms) {
    facts.newest_ms = std::max(facts.newest_ms, time);
  }
  const std::string measure = loss_name();
  add_metric(contents, "features", static_cast<double>(columns_.size()));
  add_metric(contents, "training rows", static_cast<double>(parts_.train.size()));
  add_metric(contents, "validation rows", static_cast<double>(parts_.test.size()));
  add_metric(contents, "epochs", epochs_);
  add_metric(contents, measure, shown(loss_));
  add_metric(contents, measure + " of the linear head", shown(head.validation_loss));
  add_metric(contents, measure + " of the mean", shown(constant_loss_));
  add_metric(contents, "penalty of the linear head", head.penalty);
}

Status ClickTraining::run(ModelContents& contents) {
  if (Status checked = check_examples(examples_); !checked) return checked;
  const Result<TabularTarget> target = target_of(examples_, recipe_.target);
  if (!target) return target.error();
  rows_.target = *target;
  if (Status divided = divide_rows(); !divided) return divided;
  if (Status fitted = fit(); !fitted) return fitted;
  standardise_labels();
  rows_ = {columns_, cells_, labels_, *target, parts_.train, parts_.test};
  const LinearHead head = train_linear_head(rows_, pool_);
  // A constant is right for the mean: the log odds, or 0 in units of the spread.
  const auto offset = static_cast<float>(
      is_value() ? 0 : std::log(std::max(label_mean_, 1e-6) / std::max(1 - label_mean_, 1e-6)));
  ClickNetwork network(rows_, recipe_, offset, options_.seed, kernels_, pool_);
  if (Status trained = train_network(network); !trained) return trained;

  Tabular& tabular = contents.tabular.emplace();
  tabular.label = examples_.label_name;
  tabular.target = *target;
  tabular.columns = columns_;
  tabular.average = network.average_of(parts_.train);
  tabular.layers = exported(network);
  tabular.bias = static_cast<float>(head.bias * label_deviation_ + (is_value() ? label_mean_ : 0));
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const ColumnInputs& inputs = network.columns()[c];
    TabularColumn& column = tabular.columns[c];
    column.weights = head.weights[c];
    for (float& weight : column.weights) weight *= static_cast<float>(label_deviation_);
    if (inputs.rows == 0) continue;
    column.width = static_cast<std::uint32_t>(inputs.width);
    const auto first = network.embeddings().begin() + static_cast<std::ptrdiff_t>(inputs.vectors);
    column.vectors.assign(first, first + static_cast<std::ptrdiff_t>(inputs.rows * inputs.width));
  }
  describe(contents, head);
  return Done{};
}

}  // namespace
}  // namespace internal

Result<ModelContents> train(const ExampleLog& examples, const Recipe& recipe,
                            const TrainOptions& options) {
  if (recipe.kind != RecipeKind::kClick) {
    return Error{ErrorCode::kRequestInvalid,
                 "the recipe '" + recipe.name + "' learns from interactions, not from examples"};
  }
  const Result<internal::InstructionSet> instructions = internal::choose_instruction_set();
  if (!instructions) return instructions.error();
  if (Status fits = internal::check_warm_start(recipe, options); !fits) return fits.error();
  internal::ThreadPool pool(options.threads);
  internal::Checkpoint checkpoint;
  if (!options.checkpoint.empty()) {
    Result<internal::Checkpoint> opened = internal::Checkpoint::open(
        options.checkpoint, internal::identity_of(examples, recipe, options, instructions->name),
        options.checkpoint_interval);
    if (!opened) return opened.error();
    checkpoint = std::move(*opened);
  }
  ModelContents contents;
  contents.facts.recipe = recipe.name;
  contents.facts.recipe_toml = recipe.toml;
  contents.facts.instruction_set = instructions->name;
  internal::ClickTraining training(examples, recipe, options, *instructions->kernels, pool,
                                   checkpoint);
  if (Status trained = training.run(contents); !trained) return trained.error();
  return contents;
}

}  // namespace palate
