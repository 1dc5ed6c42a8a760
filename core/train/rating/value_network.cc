// Batches of values through a multilayer perceptron.
#include "train/rating/value_network.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "palate/random.h"
#include "train/optimize/early_stopping.h"
#include "train/optimize/optimizer.h"
#include "train/ranker/features.h"
#include "train/ranker/mlp.h"
#include "train/user_split.h"

namespace palate::internal {
namespace {

/// Rows that one thread takes through the network at a time.
constexpr std::size_t kRows = 64;

/// Size of the numbers of the user and item vectors as the network sees them, against that of the
/// features: they are many, and must not drown these from the start.
constexpr float kVectorSize = 0.3F;

/// Streams of the seed.
enum Stream : std::uint64_t { kUsers = 11, kStart, kEpochs, kDropout };

/// What brings numbers to the size that the network expects.
float scale_of(std::span<const float> numbers) {
  double sum = 0;
  for (const float x : numbers) sum += double{x} * x;
  const double size =
      std::sqrt(sum / static_cast<double>(std::max<std::size_t>(numbers.size(), 1)));
  return size > 0 ? static_cast<float>(kVectorSize / size) : 1.0F;
}

class ValueNetworkTrainer {
 public:
  ValueNetworkTrainer(const ValueNetworkInputs& inputs, const RankerRecipe& recipe,
                      std::uint64_t seed)
      : inputs_(inputs),
        recipe_(recipe),
        seed_(seed),
        user_scale_(scale_of(inputs.user_vectors)),
        item_scale_(scale_of(inputs.item_vectors)),
        features_(choose_features(inputs.catalogue, {}, recipe)),
        mlp_(2 * inputs.dimension + features_.size(), recipe.hidden, inputs.kernels),
        adam_(OptimizerKind::kAdam, mlp_.parameters().size(), 0, inputs.kernels) {
    divide_examples();
    set_start();
  }

  Result<ValueNetworkResult> run(const std::function<void(std::uint32_t, double)>& on_epoch) {
    ValueNetworkResult result;
    result.factors_rmse = validation_rmse();
    result.rmse = result.factors_rmse;
    std::vector<float> best = mlp_.parameters();
    EarlyStopping stopping(recipe_.patience, -result.rmse);
    const StateParts state = state_with(result, best, stopping);
    if (Status status = inputs_.checkpoint.restore("network", state); !status) {
      return status.error();
    }
    while (result.epochs < recipe_.epochs && !stopping.stop()) {
      train_epoch(++result.epochs);
      const double now = validation_rmse();
      on_epoch(result.epochs, now);
      if (validation_.empty() || stopping.is_best(-now)) {
        result.rmse = now;
        best = mlp_.parameters();
      }
      if (Status status = inputs_.checkpoint.save("network", state); !status) return status.error();
    }
    mlp_.parameters() = best;
    result.ranker = exported();
    return result;
  }

 private:
  StateParts state_with(ValueNetworkResult& result, std::vector<float>& best,
                        EarlyStopping& stopping) {
    StateParts parts = {{"epochs", result.epochs},         {"batches", batches_},
                        {"validation rmse", result.rmse},  {"examples", training_},
                        {"parameters", mlp_.parameters()}, {"best parameters", best}};
    append(adam_.state(), parts);
    append(stopping.state(), parts);
    return parts;
  }

  /// The examples of validation users only tell when to stop.
  void divide_examples() {
    const std::size_t count = inputs_.user_vectors.size() / inputs_.dimension;
    const UserSplit users = split_users(count, recipe_.validation_share, Random(seed_, kUsers));
    std::vector<bool> validates(count);
    for (const std::uint32_t user : users.validation) validates[user] = true;
    for (std::uint32_t k = 0; k < inputs_.examples.size(); ++k) {
      (validates[inputs_.examples[k].user] ? validation_ : training_).push_back(k);
    }
  }

  /// The score in units of its own spread around the mean value, and a network that hands it on.
  void set_start() {
    double sum = 0;
    double squared = 0;
    for (const ValueExample& example : inputs_.examples) {
      const double score = score_of(example);
      sum += score;
      squared += score * score;
    }
    const double count = static_cast<double>(std::max<std::size_t>(inputs_.examples.size(), 1));
    const double mean = sum / count;
    const double deviation = std::sqrt(std::max(squared / count - mean * mean, 1e-12));
    features_.front().mean = static_cast<float>(mean);
    features_.front().scale = static_cast<float>(1 / deviation);
    table_ = feature_table(inputs_.catalogue, {popularity(), {}}, features_);
    const auto share = static_cast<float>(deviation);
    const Mlp::Hinge hinges[] = {{1.0F, 0.0F, share}, {-1.0F, 0.0F, -share}};
    Random random(seed_, kStart);
    mlp_.start_from_hinges(2 * inputs_.dimension, hinges, static_cast<float>(mean), random);
  }

  std::vector<float> popularity() const {
    return {inputs_.catalogue.popularity.begin(), inputs_.catalogue.popularity.end()};
  }

  float score_of(const ValueExample& example) const {
    const float* user = &inputs_.user_vectors[example.user * inputs_.dimension];
    const float* item = &inputs_.item_vectors[example.item * inputs_.dimension];
    double score = inputs_.item_offsets[example.item];
    for (std::size_t c = 0; c < inputs_.dimension; ++c) score += double{user[c]} * item[c];
    return static_cast<float>(score);
  }

  void train_epoch(std::uint32_t epoch) {
    Random(Random(seed_ + epoch, kEpochs).next()).shuffle(std::span(training_));
    for (std::size_t begin = 0; begin < training_.size(); begin += recipe_.batch) {
      const std::size_t size = std::min<std::size_t>(recipe_.batch, training_.size() - begin);
      train_batch(std::span(training_).subspan(begin, size));
    }
  }

  void train_batch(std::span<const std::uint32_t> batch) {
    ++batches_;
    const std::size_t chunks = ThreadPool::chunk_count(batch.size(), kRows);
    gradients_.resize(std::max(gradients_.size(), chunks));
    inputs_.pool.for_each_chunk(batch.size(), kRows, [&](const Chunk& chunk) {
      const auto rows = batch.subspan(chunk.begin, chunk.end - chunk.begin);
      const std::vector<float> input = network_inputs(rows);
      Mlp::Workspace workspace;
      Random random(Random(seed_ + batches_, kDropout).next(), chunk.index);
      const std::span<const float> values =
          mlp_.forward(input.data(), rows.size(), recipe_.dropout, random, workspace);
      std::vector<float> errors(rows.size());
      for (std::size_t k = 0; k < rows.size(); ++k) {
        errors[k] =
            2 * (values[k] - inputs_.examples[rows[k]].value) / static_cast<float>(batch.size());
      }
      std::vector<float>& gradient = gradients_[chunk.index];
      gradient.assign(mlp_.parameters().size(), 0.0F);
      mlp_.backward(input.data(), rows.size(), errors, workspace, gradient);
    });
    std::vector<float>& sum = gradients_.front();
    for (std::size_t chunk = 1; chunk < chunks; ++chunk) {
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += gradients_[chunk][k];
    }
    mlp_.add_l2(recipe_.l2, sum);
    adam_.begin_step(recipe_.learning_rate);
    adam_.move(0, sum, mlp_.parameters());
  }

  /// One row an example: user vector, item vector, features, each scaled.
  std::vector<float> network_inputs(std::span<const std::uint32_t> examples) const {
    const std::size_t dimension = inputs_.dimension;
    std::vector<float> rows(examples.size() * mlp_.inputs());
    for (std::size_t k = 0; k < examples.size(); ++k) {
      const ValueExample& example = inputs_.examples[examples[k]];
      const float* user = &inputs_.user_vectors[example.user * dimension];
      const float* item = &inputs_.item_vectors[example.item * dimension];
      float* row = &rows[k * mlp_.inputs()];
      for (std::size_t c = 0; c < dimension; ++c) {
        row[c] = user[c] * user_scale_;
        row[dimension + c] = item[c] * item_scale_;
      }
      std::copy_n(&table_[example.item * features_.size()], features_.size(), row + 2 * dimension);
      const FeatureView& score = features_.front();
      row[2 * dimension] = (score_of(example) - score.mean) * score.scale;
    }
    return rows;
  }

  /// NaN without validation users.
  double validation_rmse() const {
    std::vector<double> squared(ThreadPool::chunk_count(validation_.size(), kRows));
    inputs_.pool.for_each_chunk(validation_.size(), kRows, [&](const Chunk& chunk) {
      const auto rows = std::span(validation_).subspan(chunk.begin, chunk.end - chunk.begin);
      const std::vector<float> input = network_inputs(rows);
      Mlp::Workspace workspace;
      Random unused(0);
      const std::span<const float> values =
          mlp_.forward(input.data(), rows.size(), 0.0F, unused, workspace);
      for (std::size_t k = 0; k < rows.size(); ++k) {
        const double error = double{values[k]} - inputs_.examples[rows[k]].value;
        squared[chunk.index] += error * error;
      }
    });
    return std::sqrt(std::accumulate(squared.begin(), squared.end(), 0.0) /
                     static_cast<double>(validation_.size()));
  }

  Ranker exported() const {
    Ranker ranker;
    ranker.features = features_;
    ranker.candidates = recipe_.candidates;
    std::vector<float> scales(2 * inputs_.dimension, user_scale_);
    std::fill(scales.begin() + static_cast<std::ptrdiff_t>(inputs_.dimension), scales.end(),
              item_scale_);
    ranker.layers = mlp_.exported(scales);
    return ranker;
  }

  const ValueNetworkInputs& inputs_;
  const RankerRecipe& recipe_;
  std::uint64_t seed_;
  float user_scale_;
  float item_scale_;
  std::vector<FeatureView> features_;
  std::vector<float> table_;
  Mlp mlp_;
  Optimizer adam_;
  std::vector<std::uint32_t> training_;  ///< rows of the examples
  std::vector<std::uint32_t> validation_;
  std::vector<std::vector<float>> gradients_;
  std::uint64_t batches_ = 0;
};

}  // namespace

Result<ValueNetworkResult> train_value_network(
    const ValueNetworkInputs& inputs, const RankerRecipe& recipe, std::uint64_t seed,
    const std::function<void(std::uint32_t, double)>& on_epoch) {
  return ValueNetworkTrainer(inputs, recipe, seed).run(on_epoch);
}

}  // namespace palate::internal
