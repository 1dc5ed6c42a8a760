// Trains the ranker of a hybrid model.
#include "train/ranker/ranker_trainer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "data/portable_math.h"
#include "palate/random.h"
#include "train/optimize/early_stopping.h"
#include "train/optimize/optimizer.h"
#include "train/ranker/features.h"
#include "train/ranker/mlp.h"
#include "train/ranker/sampler.h"

namespace palate::internal {
namespace {

/// Users whose examples are drawn, mixed and learned from together.
constexpr std::size_t kGroupUsers = 256;

/// Enough to tell a better epoch from a worse one.
constexpr std::size_t kMaxValidationUsers = 2000;

/// Size of the numbers of the user and item vectors as the network sees them. The features are of
/// size 1; the vectors' numbers are many, and must not drown them from the start.
constexpr float kVectorSize = 0.1F;

constexpr double kMaxExponent = 100;

/// Streams of the seed.
enum Stream : std::uint64_t { kUsers = 1, kStart, kScale, kValidate, kEpochs, kDropout };

float sigmoid(double x) {
  return static_cast<float>(1 / (1 + portable_exp(std::clamp(-x, -kMaxExponent, kMaxExponent))));
}

/// Root of the mean square.
double norm(std::span<const float> values) {
  double sum = 0;
  for (const float x : values) sum += double{x} * x;
  return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(values.size(), 1)));
}

float reciprocal(double x) { return x > 0 ? static_cast<float>(1 / x) : 1.0F; }

/// The number that, added to all logits of a visit, makes the expected number of targets the true
/// one: where the BCE of the visit is smallest. By Newton's method, bounded by bisection.
float intercept_of(std::span<const Example> examples, std::span<const float> logits) {
  constexpr int kSteps = 30;
  double targets = 0;
  for (const Example& example : examples) targets += example.label;
  double low = -50;
  double high = 50;
  double intercept = 0;
  for (int step = 0; step < kSteps; ++step) {
    double expected = 0;
    double slope = 0;
    for (const float logit : logits) {
      const double p = sigmoid(logit + intercept);
      expected += p;
      slope += p * (1 - p);
    }
    (expected > targets ? high : low) = intercept;
    const double next = intercept - (expected - targets) / slope;
    const double bounded = next > low && next < high ? next : (low + high) / 2;
    if (std::abs(bounded - intercept) < 1e-5) break;
    intercept = bounded;
  }
  return static_cast<float>(intercept);
}

/// The BCE of a visit's examples, summed, with the visit's best intercept.
double log_loss(std::span<const Example> examples, std::span<const float> logits) {
  const double intercept = intercept_of(examples, logits);
  double sum = 0;
  for (std::size_t k = 0; k < examples.size(); ++k) {
    const double logit = logits[k] + intercept;
    const double towards = examples[k].label > 0 ? logit : -logit;
    const double size = std::min(std::abs(towards), kMaxExponent);
    sum += portable_log(1 + portable_exp(-size)) + std::max(-towards, 0.0);
  }
  return sum;
}

/// What the items' popularity would be had the targets not been: a target must not count itself.
/// Scaled up to the size of the whole log, which the catalogue's popularity comes from.
std::vector<float> popularity_without_targets(const RankerInputs& inputs) {
  const std::size_t known = inputs.split.known.columns.size();
  const std::size_t all = known + inputs.split.targets.columns.size();
  const float scale = static_cast<float>(all) / static_cast<float>(known);
  std::vector<float> popularity(inputs.catalogue.ids.size(), 0.0F);
  for (const std::uint32_t item : inputs.split.known.columns) popularity[item] += scale;
  return popularity;
}

/// The start of the network: a sum of min(score, k) / k over k = 1, 1/2, 1/4, ..., and the score
/// beyond 1. It grows with the score always, and like its logarithm in between: a short history
/// makes small scores, and their differences must count as much as those of large ones.
std::vector<Mlp::Hinge> score_hinges(std::size_t units) {
  constexpr std::size_t kHalvings = 8;
  std::vector<Mlp::Hinge> hinges = {{1.0F, -1.0F, 1.0F}};
  float weight = -1.0F;
  while (hinges.size() < std::min(units, kHalvings + 1)) {
    hinges.push_back({weight, 1.0F, -1.0F});
    weight *= 2;
  }
  return hinges;
}

class RankerTrainer {
 public:
  RankerTrainer(const RankerInputs& inputs, const RankerRecipe& recipe, std::uint64_t seed)
      : inputs_(inputs),
        recipe_(recipe),
        seed_(seed),
        dimension_(inputs.solver.dimension()),
        features_(choose_features(inputs.catalogue, recipe)),
        popularity_(popularity_without_targets(inputs)),
        table_(feature_table(inputs.catalogue, popularity_, features_)),
        sampler_(inputs.split.known, inputs.split.targets, inputs.item_vectors, inputs.solver,
                 popularity_, recipe, inputs.kernels, inputs.pool),
        mlp_(2 * dimension_ + features_.size(), recipe.hidden, inputs.kernels),
        adam_(OptimizerKind::kAdam, mlp_.parameters().size(), 0, inputs.kernels) {
    divide_users();
    set_start();
  }

  Result<RankerResult> run(const std::function<void(std::uint32_t, const RankerScore&)>& on_epoch) {
    validation_ = sampler_.draw(validation_users_, Draw::kAll, mixed_seed(kValidate, 0));
    validation_sample_ = sampler_.draw(validation_users_, Draw::kSampled, mixed_seed(kValidate, 1));
    RankerResult result;
    result.retrieval = validation_score();
    result.validation = result.retrieval;
    std::vector<float> best = mlp_.parameters();
    EarlyStopping stopping(recipe_.patience, -result.retrieval.loss);
    const StateParts state = state_with(result, best, stopping);
    if (Status status = inputs_.checkpoint.restore("ranker", state); !status) return status.error();
    while (result.epochs < recipe_.epochs && !stopping.stop()) {
      train_epoch(++result.epochs);
      const RankerScore now = validation_score();
      on_epoch(result.epochs, now);
      if (validation_sample_.visits.empty() || stopping.is_best(-now.loss)) {
        result.validation = now;
        best = mlp_.parameters();
      }
      if (Status status = inputs_.checkpoint.save("ranker", state); !status) return status.error();
    }
    mlp_.parameters() = best;
    result.ranker = exported();
    return result;
  }

 private:
  /// What a checkpoint keeps: what `run` holds, and what an epoch leaves behind. The order of the
  /// users is part of it, since each epoch shuffles that of the epoch before.
  StateParts state_with(RankerResult& result, std::vector<float>& best, EarlyStopping& stopping) {
    StateParts parts = {{"epochs", result.epochs},
                        {"batches", batches_},
                        {"validation ndcg", result.validation.ndcg},
                        {"validation auc", result.validation.auc},
                        {"validation loss", result.validation.loss},
                        {"users", training_users_},
                        {"parameters", mlp_.parameters()},
                        {"best parameters", best}};
    append(adam_.state(), parts);
    append(stopping.state(), parts);
    return parts;
  }

  std::uint64_t mixed_seed(Stream stream, std::uint64_t part) const {
    return Random(seed_ + part, stream).next();
  }

  /// Validation users are learned from only through the choice of the epoch.
  void divide_users() {
    std::vector<std::uint32_t> users;
    for (std::uint32_t user = 0; user < inputs_.split.targets.size(); ++user) {
      if (inputs_.split.targets.count(user) > 0) users.push_back(user);
    }
    Random(seed_, kUsers).shuffle(std::span(users));
    const auto wanted = static_cast<std::size_t>(
        std::lround(static_cast<double>(users.size()) * recipe_.validation_share));
    const std::size_t validation =
        std::min({std::max<std::size_t>(wanted, 1), users.size() / 2, kMaxValidationUsers});
    const auto border = users.begin() + static_cast<std::ptrdiff_t>(validation);
    validation_users_.assign(users.begin(), border);
    training_users_.assign(border, users.end());
  }

  /// Brings the inputs to the size that the network expects, and starts the network in the order of
  /// the retrieval score.
  void set_start() {
    const std::size_t count = std::min(training_users_.size(), 4 * kGroupUsers);
    const ExampleGroup group = sampler_.draw(std::span(training_users_).first(count),
                                             Draw::kSampled, mixed_seed(kScale, 0));
    user_scale_ = kVectorSize * reciprocal(norm(group.vectors));
    item_scale_ = kVectorSize * reciprocal(norm(inputs_.item_vectors));
    std::vector<float> scores;
    for (const Example& example : group.examples) scores.push_back(example.score);
    std::sort(scores.begin(), scores.end());
    const float largest = scores.empty() ? 1.0F : scores[scores.size() * 95 / 100];
    // The first hinges of the network see the score as it is, in units of `largest`.
    features_.front().scale = reciprocal(largest);
    Random random(seed_, kStart);
    const auto prior = static_cast<float>(-portable_log(recipe_.negatives));
    mlp_.start_from_hinges(2 * dimension_, score_hinges(recipe_.hidden.front()), prior, random);
  }

  void train_epoch(std::uint32_t epoch) {
    Random(mixed_seed(kEpochs, epoch)).shuffle(std::span(training_users_));
    const std::size_t users = std::min<std::size_t>(training_users_.size(), recipe_.epoch_users);
    for (std::size_t begin = 0; begin < users; begin += kGroupUsers) {
      const std::size_t count = std::min(kGroupUsers, users - begin);
      const ExampleGroup group = sampler_.draw(std::span(training_users_).subspan(begin, count),
                                               Draw::kSampled, mixed_seed(kEpochs, epoch));
      std::span<const Visit> visits(group.visits);
      while (!visits.empty()) {
        const std::size_t size = batch_size(visits);
        train_batch(group, visits.first(size));
        visits = visits.subspan(size);
      }
    }
  }

  /// Visits, one at least, whose examples fill a batch.
  std::size_t batch_size(std::span<const Visit> visits) const {
    std::size_t size = 1;
    while (size < visits.size() && visits[size].end - visits.front().begin <= recipe_.batch) {
      ++size;
    }
    return size;
  }

  /// One step of Adam on the BCE of the examples, each visit with an intercept of its own. Scores
  /// differ more between visits (a long history makes them all larger) than within one, and only
  /// the order within one matters; without the intercepts the network would explain the former.
  void train_batch(const ExampleGroup& group, std::span<const Visit> visits) {
    gradients_.resize(std::max(gradients_.size(), visits.size()));
    ++batches_;
    const auto share = 1.0F / static_cast<float>(visits.back().end - visits.front().begin);
    inputs_.pool.for_each_chunk(visits.size(), 1, [&](const Chunk& chunk) {
      const Visit& visit = visits[chunk.index];
      const std::span<const Example> examples = group.of(visit);
      const std::vector<float> batch = network_inputs(group, visit);
      Mlp::Workspace workspace;
      Random random(mixed_seed(kDropout, batches_), chunk.index);
      const std::span<const float> logits =
          mlp_.forward(batch.data(), examples.size(), recipe_.dropout, random, workspace);
      const float intercept = intercept_of(examples, logits);
      std::vector<float> by_logits(examples.size());
      for (std::size_t k = 0; k < examples.size(); ++k) {
        by_logits[k] = share * (sigmoid(logits[k] + intercept) - examples[k].label);
      }
      std::vector<float>& gradient = gradients_[chunk.index];
      gradient.assign(mlp_.parameters().size(), 0.0F);
      mlp_.backward(batch.data(), examples.size(), by_logits, workspace, gradient);
    });
    std::vector<float>& sum = gradients_.front();
    for (std::size_t visit = 1; visit < visits.size(); ++visit) {
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += gradients_[visit][k];
    }
    mlp_.add_l2(recipe_.l2, sum);
    adam_.begin_step(recipe_.learning_rate);
    adam_.move(0, sum, mlp_.parameters());
  }

  /// One row an example: user vector, item vector, features, each scaled.
  std::vector<float> network_inputs(const ExampleGroup& group, const Visit& visit) const {
    const std::span<const Example> examples = group.of(visit);
    std::vector<float> rows(examples.size() * mlp_.inputs());
    const FeatureView& score = features_.front();
    const float* user = &group.vectors[visit.vector];
    for (std::size_t k = 0; k < examples.size(); ++k) {
      const Example& example = examples[k];
      float* row = &rows[k * mlp_.inputs()];
      const float* item = &inputs_.item_vectors[example.item * dimension_];
      for (std::size_t c = 0; c < dimension_; ++c) {
        row[c] = user[c] * user_scale_;
        row[dimension_ + c] = item[c] * item_scale_;
      }
      std::copy_n(&table_[example.item * features_.size()], features_.size(), row + 2 * dimension_);
      row[2 * dimension_] = example.score * score.scale;
    }
    return rows;
  }

  RankerScore validation_score() const {
    RankerScore score = ranking_score(validation_, logits_of(validation_));
    const std::vector<float> logits = logits_of(validation_sample_);
    for (const Visit& visit : validation_sample_.visits) {
      const std::span<const Example> examples = validation_sample_.of(visit);
      score.loss += log_loss(examples, std::span(logits).subspan(visit.begin, examples.size()));
    }
    score.loss /= static_cast<double>(std::max<std::size_t>(logits.size(), 1));
    return score;
  }

  std::vector<float> logits_of(const ExampleGroup& group) const {
    std::vector<float> logits(group.examples.size());
    inputs_.pool.for_each_chunk(group.visits.size(), 1, [&](const Chunk& chunk) {
      const Visit& visit = group.visits[chunk.index];
      const std::vector<float> batch = network_inputs(group, visit);
      Mlp::Workspace workspace;
      Random unused(0);
      const std::span<const float> out =
          mlp_.forward(batch.data(), visit.end - visit.begin, 0.0F, unused, workspace);
      std::copy(out.begin(), out.end(), &logits[visit.begin]);
    });
    return logits;
  }

  /// The layers of the model file; the scales of the vectors go into the first layer's weights.
  Ranker exported() const {
    Ranker ranker;
    ranker.features = features_;
    ranker.candidates = recipe_.candidates;
    std::vector<float> scales(2 * dimension_, user_scale_);
    std::fill(scales.begin() + static_cast<std::ptrdiff_t>(dimension_), scales.end(), item_scale_);
    ranker.layers = mlp_.exported(scales);
    return ranker;
  }

  const RankerInputs& inputs_;
  const RankerRecipe& recipe_;
  std::uint64_t seed_;
  std::size_t dimension_;
  std::vector<FeatureView> features_;
  std::vector<float> popularity_;
  std::vector<float> table_;
  Sampler sampler_;
  Mlp mlp_;
  Optimizer adam_;
  std::vector<std::uint32_t> training_users_;
  std::vector<std::uint32_t> validation_users_;
  ExampleGroup validation_;         ///< every candidate, for the measures
  ExampleGroup validation_sample_;  ///< as in training, for the loss
  float user_scale_ = 1;
  float item_scale_ = 1;
  std::vector<std::vector<float>> gradients_;
  std::uint64_t batches_ = 0;
};

}  // namespace

Result<RankerResult> train_ranker(
    const RankerInputs& inputs, const RankerRecipe& recipe, std::uint64_t seed,
    const std::function<void(std::uint32_t, const RankerScore&)>& on_epoch) {
  return RankerTrainer(inputs, recipe, seed).run(on_epoch);
}

}  // namespace palate::internal
