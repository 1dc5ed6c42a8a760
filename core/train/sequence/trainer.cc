// The steps of sequence: batches of windows against one block of negatives.
#include "train/sequence/trainer.h"

#include <algorithm>
#include <cmath>

#include "model/portable_math.h"

namespace palate::internal {
namespace {

/// Rows that one thread takes at a time: enough for matrix products, and for two cores to share.
constexpr std::size_t kPartRows = 512;
/// Rows whose scores are held at once: they stay in the cache.
constexpr std::size_t kScoredRows = 128;
constexpr std::size_t kSummedNumbers = 8192;

/// Streams of the seed.
enum ModelStream : std::uint64_t { kItemTable = 1, kNetwork };

}  // namespace

SequenceModel::SequenceModel(const Dataset& dataset, const SequenceRecipe& recipe,
                             std::uint64_t seed, const Kernels& kernels, ThreadPool& pool)
    : items(dataset.catalogue.ids.size(),
            {recipe.dimension, recipe.initial_stddev, recipe.optimizer, recipe.weight_decay}, {},
            recipe.attributes ? categories_of(dataset.catalogue) : ItemCategories{},
            Random(seed, kItemTable), kernels, pool),
      network(recipe, dataset.has_times, dataset.event_types.size(), Random(seed, kNetwork)) {}

void SequenceModel::write_input(const ItemSequences& sequences, const Window& window,
                                float* input) const {
  const std::size_t d = network.recipe().dimension;
  const float scale = std::sqrt(static_cast<float>(d));
  for (std::size_t k = window.begin; k < window.end; ++k, input += d) {
    const float* vector = &items.vectors()[sequences.items[k] * d];
    for (std::size_t c = 0; c < d; ++c) input[c] = scale * vector[c];
    for (const std::size_t first : context_of(sequences, window, k)) {
      if (first == kNone) continue;
      const float* added = &network.parameters()[first];
      for (std::size_t c = 0; c < d; ++c) input[c] += added[c];
    }
  }
}

std::array<std::size_t, 2> SequenceModel::context_of(const ItemSequences& sequences,
                                                     const Window& window,
                                                     std::size_t event) const {
  const std::size_t d = network.recipe().dimension;
  std::array<std::size_t, 2> places = {kNone, kNone};
  if (network.gap_buckets() > 0) {
    const std::int64_t before = event > window.begin ? sequences.times_ms[event - 1] : 0;
    places[0] = network.gaps() + gap_bucket(before, sequences.times_ms[event]) * d;
  }
  if (network.type_rows() > 0) places[1] = network.types() + sequences.types[event] * d;
  return places;
}

SequenceTrainer::SequenceTrainer(const Catalogue& catalogue, const SequenceRecipe& recipe,
                                 SequenceModel& model, const Kernels& kernels, ThreadPool& pool)
    : model_(model),
      kernels_(kernels),
      pool_(pool),
      dimension_(recipe.dimension),
      negatives_(catalogue.popularity, dimension_,
                 {recipe.negatives, recipe.negative_popularity, recipe.popularity_correction}),
      optimizer_(recipe.optimizer, model.network.parameters().size(), recipe.weight_decay, kernels),
      item_gradient_(catalogue.ids.size(), dimension_),
      network_gradient_(model.network.parameters().size()) {}

StateParts SequenceTrainer::state() {
  StateParts parts = optimizer_.state();
  parts.emplace_back("network", model_.network.parameters());
  append(model_.items.state(), parts);
  return parts;
}

double SequenceTrainer::step(const ItemSequences& sequences, std::span<const Window> windows,
                             float learning_rate, Random random) {
  negatives_.draw(random, model_.items.vectors());
  lay_out(windows);
  const std::uint64_t seed = random.next();
  pool_.for_each_chunk(parts_.size(), 1, [&](const Chunk& chunk) {
    run_part(sequences, windows, parts_[chunk.index], Random(seed, chunk.index),
             workspaces_[chunk.index]);
  });
  double loss = 0;
  for (std::size_t k = 0; k < parts_.size(); ++k) loss += workspaces_[k].loss;
  if (!std::isfinite(loss)) return loss;
  sum_parts();
  collect();
  model_.items.step(item_gradient_.items(), item_gradient_.rows(), learning_rate);
  optimizer_.begin_step(learning_rate);
  optimizer_.move(0, network_gradient_, model_.network.parameters());
  return loss;
}

/// Shares the windows out, and makes room for what their rows yield, each in a place of its own.
void SequenceTrainer::lay_out(std::span<const Window> windows) {
  parts_.clear();
  rows_ = 0;
  for (std::size_t k = 0; k < windows.size(); ++k) {
    if (parts_.empty() || parts_.back().rows >= kPartRows) parts_.push_back({k, k, rows_, 0});
    parts_.back().end = k + 1;
    parts_.back().rows += windows[k].size();
    rows_ += windows[k].size();
  }
  workspaces_.resize(std::max(workspaces_.size(), parts_.size()));
  inputs_.resize(rows_);
  targets_.resize(rows_);
  by_target_.resize(rows_);
  sources_.resize((2 * rows_ + negatives_.size()) * dimension_);
}

void SequenceTrainer::run_part(const ItemSequences& sequences, std::span<const Window> windows,
                               const Part& part, Random random, Workspace& workspace) {
  workspace.lengths.clear();
  for (std::size_t k = part.begin; k < part.end; ++k) {
    workspace.lengths.push_back(windows[k].size());
  }
  SequencePass& pass = workspace.pass;
  pass.lay_out(model_.network, workspace.lengths);
  std::size_t row = 0;
  for (std::size_t k = part.begin; k < part.end; ++k) {
    const Window& window = windows[k];
    model_.write_input(sequences, window, &pass.input()[row * dimension_]);
    for (std::size_t e = window.begin; e < window.end; ++e, ++row) {
      inputs_[part.first_row + row] = sequences.items[e];
      targets_[part.first_row + row] = sequences.items[e + 1];
    }
  }
  const std::span<const float> parameters = model_.network.parameters();
  pass.forward(parameters, kernels_, &random);
  workspace.network_gradient.assign(parameters.size(), 0.0F);
  differentiate_loss(part, workspace);
  pass.backward(parameters, kernels_, workspace.network_gradient);
  differentiate_input(sequences, windows, part, workspace);
}

/// From the user vectors to the loss, and back to the derivatives by them.
void SequenceTrainer::differentiate_loss(const Part& part, Workspace& workspace) {
  const std::size_t columns = negatives_.size();
  const float* users = workspace.pass.output().data();
  float* by_users = workspace.pass.by_output().data();
  std::copy_n(users, part.rows * dimension_, &sources_[(rows_ + part.first_row) * dimension_]);
  workspace.scores.resize(kScoredRows * columns);
  workspace.negative_gradient.resize(columns * dimension_);
  workspace.loss = 0;
  for (std::size_t first = 0; first < part.rows; first += kScoredRows) {
    const std::size_t count = std::min(kScoredRows, part.rows - first);
    const float* user = users + first * dimension_;
    float* by_user = by_users + first * dimension_;
    float* scores = workspace.scores.data();
    kernels_.multiply({user, false}, {negatives_.vectors().data(), true}, count, columns,
                      dimension_, false, scores);
    for (std::size_t r = 0; r < count; ++r) {
      workspace.loss += row_loss(part.first_row + first + r, {scores + r * columns, columns},
                                 {user + r * dimension_, dimension_});
    }
    kernels_.multiply({scores, true}, {user, false}, columns, dimension_, count, first > 0,
                      workspace.negative_gradient.data());
    kernels_.multiply({scores, false}, {negatives_.vectors().data(), false}, count, dimension_,
                      columns, false, by_user);
    for (std::size_t r = 0; r < count; ++r) {
      const std::size_t row = part.first_row + first + r;
      const float* target = &model_.items.vectors()[targets_[row] * dimension_];
      for (std::size_t c = 0; c < dimension_; ++c) {
        by_user[r * dimension_ + c] += by_target_[row] * target[c];
      }
    }
  }
}

/// The cross entropy of one row; leaves the derivatives of the mean in place of the scores and in
/// `by_target_`.
double SequenceTrainer::row_loss(std::size_t row, std::span<float> scores,
                                 std::span<const float> user) {
  const float target =
      kernels_.dot(user.data(), &model_.items.vectors()[targets_[row] * dimension_], dimension_);
  negatives_.strike(targets_[row], scores);
  float shift = target;
  const float others =
      kernels_.exponentiate(negatives_.bias().data(), scores.size(), 1, scores.data(), &shift);
  const auto own = static_cast<float>(portable_exp(target - shift));
  const float share = 1 / (static_cast<float>(rows_) * (own + others));
  for (float& x : scores) x *= share;
  by_target_[row] = -others * share;
  return portable_log(own + others) + shift - target;
}

/// Keeps the derivatives by the items' vectors, and adds those by what else was read up.
void SequenceTrainer::differentiate_input(const ItemSequences& sequences,
                                          std::span<const Window> windows, const Part& part,
                                          Workspace& workspace) {
  const std::span<const float> by_input = workspace.pass.by_input();
  std::ranges::copy(by_input, &sources_[part.first_row * dimension_]);
  const float* row = by_input.data();
  for (std::size_t k = part.begin; k < part.end; ++k) {
    for (std::size_t e = windows[k].begin; e < windows[k].end; ++e, row += dimension_) {
      for (const std::size_t first : model_.context_of(sequences, windows[k], e)) {
        if (first == SequenceModel::kNone) continue;
        float* sum = &workspace.network_gradient[first];
        for (std::size_t c = 0; c < dimension_; ++c) sum[c] += row[c];
      }
    }
  }
}

/// The parts' derivatives by the network and by the negatives, summed in the parts' order.
void SequenceTrainer::sum_parts() {
  const auto sum = [&](std::vector<float> Workspace::*of, std::span<float> sums) {
    pool_.for_each_chunk(sums.size(), kSummedNumbers, [&](const Chunk& chunk) {
      std::copy_n(&(workspaces_[0].*of)[chunk.begin], chunk.end - chunk.begin, &sums[chunk.begin]);
      for (std::size_t part = 1; part < parts_.size(); ++part) {
        const std::vector<float>& more = workspaces_[part].*of;
        for (std::size_t k = chunk.begin; k < chunk.end; ++k) sums[k] += more[k];
      }
    });
  };
  sum(&Workspace::network_gradient, network_gradient_);
  sum(&Workspace::negative_gradient,
      std::span(sources_).subspan(2 * rows_ * dimension_, negatives_.size() * dimension_));
}

/// Brings every derivative to its item.
void SequenceTrainer::collect() {
  const float scale = std::sqrt(static_cast<float>(dimension_));
  item_gradient_.clear();
  for (std::uint32_t row = 0; row < rows_; ++row) {
    item_gradient_.add(inputs_[row], row, scale);
    item_gradient_.add(targets_[row], static_cast<std::uint32_t>(rows_ + row), by_target_[row]);
  }
  for (std::size_t column = 0; column < negatives_.size(); ++column) {
    item_gradient_.add(negatives_.items()[column], static_cast<std::uint32_t>(2 * rows_ + column),
                       1.0F);
  }
  item_gradient_.sum(sources_, kernels_, pool_);
}

}  // namespace palate::internal
