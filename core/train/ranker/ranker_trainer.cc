// Trains the ranker of a hybrid model.
#include "train/ranker/ranker_trainer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>

#include "model/portable_math.h"
#include "palate/random.h"
#include "train/optimize/early_stopping.h"
#include "train/optimize/optimizer.h"
#include "train/ranker/mlp.h"
#include "train/ranker/ranker_examples.h"
#include "train/ranker/ranker_loss.h"

namespace palate::internal {
namespace {

/// Visits whose gradients one thread sums.
constexpr std::size_t kVisitChunk = 4;

/// Streams of the seed.
enum Stream : std::uint64_t { kExamples = 1, kStart, kOrder, kSamples, kDropout };

/// The start of the network above scores of a fold-in: a sum of min(score, k) / k over k = 1, 1/2,
/// 1/4, ..., and the score beyond 1. It grows with the score always, and like its logarithm in
/// between: a short history makes small scores, and their differences must count as much as those
/// of large ones.
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

float value_of(std::span<const Mlp::Hinge> hinges, float x) {
  float sum = 0;
  for (const Mlp::Hinge& hinge : hinges) {
    sum += hinge.share * std::max(0.0F, hinge.weight * x + hinge.bias);
  }
  return sum;
}

class RankerTrainer {
 public:
  RankerTrainer(const RankerInputs& inputs, const RankerRecipe& recipe, std::uint64_t seed,
                RankerExamples examples)
      : inputs_(inputs),
        recipe_(recipe),
        seed_(seed),
        examples_(std::move(examples)),
        mlp_(examples_.input_size(), recipe.hidden, inputs.kernels),
        adam_(OptimizerKind::kAdam, mlp_.parameters().size(), 0, inputs.kernels),
        order_(examples_.training().visits.size()) {
    std::iota(order_.begin(), order_.end(), 0U);
    set_start();
  }

  Result<RankerResult> run(const std::function<void(std::uint32_t, const RankerScore&)>& on_epoch) {
    RankerResult result;
    result.retrieval = validation_score();
    result.validation = result.retrieval;
    std::vector<float> best = mlp_.parameters();
    EarlyStopping stopping(recipe_.patience, result.retrieval.ndcg);
    const StateParts state = state_with(result, best, stopping);
    if (Status status = inputs_.checkpoint.restore("ranker", state); !status) return status.error();
    while (result.epochs < recipe_.epochs && !stopping.stop() && !order_.empty()) {
      train_epoch(++result.epochs);
      const RankerScore now = validation_score();
      on_epoch(result.epochs, now);
      if (stopping.is_best(now.ndcg)) {
        result.validation = now;
        best = mlp_.parameters();
      }
      if (Status status = inputs_.checkpoint.save("ranker", state); !status) return status.error();
    }
    mlp_.parameters() = best;
    result.ranker = {
        mlp_.exported(examples_.vector_scales()), examples_.features(), recipe_.candidates, {}};
    result.ranker.context = examples_.context().columns();
    result.left_out = examples_.context().left_out();
    return result;
  }

 private:
  /// What a checkpoint keeps: what `run` holds, and what an epoch leaves behind. The order of the
  /// visits is part of it, since each epoch shuffles that of the epoch before.
  StateParts state_with(RankerResult& result, std::vector<float>& best, EarlyStopping& stopping) {
    StateParts parts = {{"epochs", result.epochs},
                        {"batches", batches_},
                        {"validation ndcg", result.validation.ndcg},
                        {"validation auc", result.validation.auc},
                        {"order", order_},
                        {"parameters", mlp_.parameters()},
                        {"best parameters", best}};
    append(adam_.state(), parts);
    append(stopping.state(), parts);
    return parts;
  }

  std::uint64_t mixed_seed(Stream stream, std::uint64_t part) const {
    return Random(seed_ + part, stream).next();
  }

  /// The network starts in the order of the retriever that ranks best.
  void set_start() {
    std::size_t best = examples_.scores().front();
    double best_ndcg = -1;
    for (const std::size_t feature : examples_.scores()) {
      const VisitSet& set = examples_.validation();
      const double ndcg = ranking_score(set, examples_.column(set, feature)).ndcg;
      if (ndcg > best_ndcg) best = feature;
      best_ndcg = std::max(best_ndcg, ndcg);
    }
    const bool by_fold_in = examples_.features()[best].source == FeatureSource::kRetrievalScore &&
                            inputs_.retrieval.fold_in.has_value();
    std::vector<Mlp::Hinge> hinges = {{1.0F, 0.0F, 1.0F}, {-1.0F, 0.0F, -1.0F}};
    if (by_fold_in) hinges = score_hinges(recipe_.hidden.front());
    const float steepness = best_steepness(hinges, best);
    for (Mlp::Hinge& hinge : hinges) hinge.share *= steepness;
    Random random(seed_, kStart);
    mlp_.start_from_hinges(examples_.first_feature() + best, hinges, 0, random);
  }

  /// How much of the score is one unit of the logit: the power of two with the smallest loss.
  float best_steepness(std::span<const Mlp::Hinge> hinges, std::size_t feature) const {
    constexpr std::size_t kVisits = 1000;
    const std::vector<float> column = examples_.column(examples_.training(), feature);
    float best = 1;
    double best_loss = HUGE_VAL;
    for (float steepness = 1.0F / 64; steepness <= 64; steepness *= 2) {
      double loss = 0;
      for (std::size_t v = 0; v < std::min(order_.size(), kVisits); ++v) {
        const std::vector<std::size_t> chosen = examples_.sample(v, Random(0, v));
        std::vector<float> logits;
        logits.reserve(chosen.size());
        for (const std::size_t k : chosen) {
          logits.push_back(steepness * value_of(hinges, column[k]));
        }
        std::vector<float> unused(chosen.size());
        loss += ranker_loss(recipe_.loss, examples_of(chosen), logits, unused);
      }
      if (loss < best_loss) best = steepness;
      best_loss = std::min(best_loss, loss);
    }
    return best;
  }

  std::vector<Example> examples_of(std::span<const std::size_t> chosen) const {
    std::vector<Example> examples;
    for (const std::size_t k : chosen) examples.push_back(examples_.training().examples[k]);
    return examples;
  }

  void train_epoch(std::uint32_t epoch) {
    Random(mixed_seed(kOrder, epoch)).shuffle(std::span(order_));
    const std::uint64_t seed = mixed_seed(kSamples, epoch);
    std::vector<std::vector<std::size_t>> batch;
    std::vector<std::uint32_t> visits;
    std::size_t size = 0;
    for (const std::uint32_t visit : order_) {
      batch.push_back(examples_.sample(visit, Random(seed, visit)));
      visits.push_back(visit);
      size += batch.back().size();
      if (size < recipe_.batch && visit != order_.back()) continue;
      train_batch(visits, batch);
      batch.clear();
      visits.clear();
      size = 0;
    }
  }

  /// One step of Adam on the mean loss of the visits.
  void train_batch(std::span<const std::uint32_t> visits,
                   std::span<const std::vector<std::size_t>> chosen) {
    gradients_.resize(
        std::max(gradients_.size(), ThreadPool::chunk_count(visits.size(), kVisitChunk)));
    const std::uint64_t seed = mixed_seed(kDropout, ++batches_);
    const auto share = 1.0F / static_cast<float>(visits.size());
    inputs_.pool.for_each_chunk(visits.size(), kVisitChunk, [&](const Chunk& chunk) {
      std::vector<float>& gradient = gradients_[chunk.index];
      gradient.assign(mlp_.parameters().size(), 0.0F);
      Mlp::Workspace workspace;
      Random random(seed, chunk.index);
      for (std::size_t k = chunk.begin; k < chunk.end; ++k) {
        const bool is_known =
            examples_.context().empty() || random.uniform() >= recipe_.unknown_context;
        const std::vector<float> rows =
            examples_.rows(examples_.training(), visits[k], chosen[k], is_known);
        const std::span<const float> logits =
            mlp_.forward(rows.data(), chosen[k].size(), recipe_.dropout, random, workspace);
        std::vector<float> by_logits(logits.size());
        ranker_loss(recipe_.loss, examples_of(chosen[k]), logits, by_logits);
        for (float& slope : by_logits) slope *= share;
        mlp_.backward(rows.data(), chosen[k].size(), by_logits, workspace, gradient);
      }
    });
    std::vector<float>& sum = gradients_.front();
    for (std::size_t c = 1; c < ThreadPool::chunk_count(visits.size(), kVisitChunk); ++c) {
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += gradients_[c][k];
    }
    mlp_.add_l2(recipe_.l2, sum);
    adam_.begin_step(recipe_.learning_rate);
    adam_.move(0, sum, mlp_.parameters());
  }

  RankerScore validation_score() const {
    const VisitSet& set = examples_.validation();
    std::vector<float> logits(set.examples.size());
    inputs_.pool.for_each_chunk(set.visits.size(), 1, [&](const Chunk& chunk) {
      const Visit& visit = set.visits[chunk.index];
      std::vector<std::size_t> all(visit.size());
      std::iota(all.begin(), all.end(), visit.begin);
      const std::vector<float> rows = examples_.rows(set, chunk.index, all, true);
      Mlp::Workspace workspace;
      Random unused(0);
      std::ranges::copy(mlp_.forward(rows.data(), all.size(), 0.0F, unused, workspace),
                        logits.begin() + static_cast<std::ptrdiff_t>(visit.begin));
    });
    return ranking_score(set, logits);
  }

  const RankerInputs& inputs_;
  const RankerRecipe& recipe_;
  std::uint64_t seed_;
  RankerExamples examples_;
  Mlp mlp_;
  Optimizer adam_;
  std::vector<std::uint32_t> order_;  ///< of the training visits
  std::vector<std::vector<float>> gradients_;
  std::uint64_t batches_ = 0;
};

}  // namespace

Result<RankerResult> train_ranker(
    const RankerInputs& inputs, const RankerRecipe& recipe, std::uint64_t seed,
    const std::function<void(std::uint32_t, const RankerScore&)>& on_epoch) {
  Result<RankerExamples> examples =
      RankerExamples::draw(inputs, recipe, Random(seed, kExamples).next());
  if (!examples) return examples.error();
  return RankerTrainer(inputs, recipe, seed, std::move(*examples)).run(on_epoch);
}

}  // namespace palate::internal
