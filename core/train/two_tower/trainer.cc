// The steps of two-tower: batches of visits against one block of negatives.
#include "train/two_tower/trainer.h"

#include <algorithm>
#include <cmath>

#include "model/portable_math.h"
#include "train/two_tower/losses.h"

namespace palate::internal {
namespace {

/// Visits that one thread takes at a time: enough for a matrix product.
constexpr std::size_t kVisitChunk = 64;

/// Streams of the seed.
enum TableStream : std::uint64_t { kItemTable = 1, kHistoryTable };

EmbeddingOptions options_of(const TwoTowerRecipe& recipe) {
  return {recipe.dimension, recipe.initial_stddev, recipe.optimizer, recipe.weight_decay};
}

ItemCategories wanted_categories(const Catalogue& catalogue, const TwoTowerRecipe& recipe) {
  return recipe.attributes ? categories_of(catalogue) : ItemCategories{};
}

/// (popularity / mean popularity)^popularity_boost, so that of two items in the same direction the
/// more popular one scores higher.
std::vector<float> wanted_lengths(std::span<const std::uint32_t> popularity,
                                  const TwoTowerRecipe& recipe) {
  if (recipe.score == Score::kDot) return {};
  double sum = 0;
  for (const std::uint32_t count : popularity) sum += std::max(count, 1U);
  const double mean = sum / static_cast<double>(popularity.size());
  std::vector<float> lengths;
  lengths.reserve(popularity.size());
  for (const std::uint32_t count : popularity) {
    const double share = std::max(count, 1U) / mean;
    lengths.push_back(
        static_cast<float>(portable_exp(recipe.popularity_boost * portable_log(share))));
  }
  return lengths;
}

}  // namespace

Towers::Towers(const Catalogue& catalogue, const TwoTowerRecipe& recipe, bool ordered,
               std::uint64_t seed, const Kernels& kernels, ThreadPool& pool)
    : items(catalogue.ids.size(), options_of(recipe), wanted_lengths(catalogue.popularity, recipe),
            wanted_categories(catalogue, recipe), Random(seed, kItemTable), kernels, pool),
      encoder(catalogue.popularity, recipe, ordered, kernels) {
  if (recipe.shared_vectors) return;
  history.emplace(catalogue.ids.size(), options_of(recipe), std::vector<float>{},
                  wanted_categories(catalogue, recipe), Random(seed, kHistoryTable), kernels, pool);
}

StateParts Towers::state() {
  StateParts parts = items.state();
  if (history) append(history->state(), parts);
  append(encoder.state(), parts);
  return parts;
}

void Towers::take_over() {
  items.take_over();
  if (history) history->take_over();
  encoder.take_over();
}

TwoTowerTrainer::TwoTowerTrainer(const Catalogue& catalogue, const TwoTowerRecipe& recipe,
                                 Towers& towers, const Kernels& kernels, ThreadPool& pool)
    : recipe_(recipe),
      towers_(towers),
      kernels_(kernels),
      pool_(pool),
      dimension_(recipe.dimension),
      negatives_(catalogue.popularity, dimension_,
                 {recipe.negatives, recipe.negative_popularity, recipe.popularity_correction}),
      item_gradient_(catalogue.ids.size(), dimension_),
      history_gradient_(catalogue.ids.size(), dimension_),
      recency_gradient_(towers.encoder.recency_count()) {}

double TwoTowerTrainer::step(const ItemSequences& sequences, std::span<const TowerVisit> visits,
                             float learning_rate, Random random) {
  negatives_.draw(random, towers_.item_vectors());
  lay_out(visits);
  const std::size_t chunks = ThreadPool::chunk_count(visits.size(), kVisitChunk);
  workspaces_.resize(std::max(workspaces_.size(), chunks));
  pool_.for_each_chunk(visits.size(), kVisitChunk,
                       [&](const Chunk& chunk) { run_chunk(sequences, visits, chunk); });
  const double loss = sum_losses(chunks);
  if (!std::isfinite(loss)) return loss;
  sum_negatives(chunks);
  collect(visits.size());
  towers_.items.step(item_gradient_.items(), item_gradient_.rows(), learning_rate);
  if (towers_.history) {
    towers_.history->step(history_gradient_.items(), history_gradient_.rows(), learning_rate);
  }
  if (!recency_gradient_.empty()) towers_.encoder.step(recency_gradient_, learning_rate);
  return loss;
}

/// Adds up the chunks' losses and derivatives by the recency; the loss is no number when one of
/// these has left the numbers.
double TwoTowerTrainer::sum_losses(std::size_t chunks) {
  double loss = 0;
  std::fill(recency_gradient_.begin(), recency_gradient_.end(), 0.0);
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    loss += workspaces_[chunk].loss;
    for (std::size_t k = 0; k < recency_gradient_.size(); ++k) {
      recency_gradient_[k] += workspaces_[chunk].recency_gradient[k];
    }
  }
  for (const double derivative : recency_gradient_) {
    if (!std::isfinite(static_cast<float>(derivative))) return kNoNumber;
  }
  return loss;
}

/// Makes room for what the visits yield, each in a place of its own.
void TwoTowerTrainer::lay_out(std::span<const TowerVisit> visits) {
  visit_count_ = visits.size();
  history_offsets_.assign(1, 0);
  target_offsets_.assign(1, 0);
  for (const TowerVisit& visit : visits) {
    history_offsets_.push_back(history_offsets_.back() + visit.history());
    target_offsets_.push_back(target_offsets_.back() + visit.targets());
  }
  target_count_ = target_offsets_.back();
  history_items_.resize(history_offsets_.back());
  history_weights_.resize(history_offsets_.back());
  history_sums_.resize(visit_count_);
  history_lengths_.resize(visit_count_);
  target_items_.resize(target_count_);
  by_targets_.resize(target_count_);
  sources_.resize((2 * visit_count_ + negatives_.size()) * dimension_);
}

WeighedHistory TwoTowerTrainer::history_of(std::size_t number) {
  const std::size_t first = history_offsets_[number];
  const std::size_t count = history_offsets_[number + 1] - first;
  return {std::span(history_items_).subspan(first, count),
          std::span(history_weights_).subspan(first, count), history_lengths_[number],
          history_sums_[number]};
}

void TwoTowerTrainer::run_chunk(const ItemSequences& sequences, std::span<const TowerVisit> visits,
                                const Chunk& chunk) {
  Workspace& workspace = workspaces_[chunk.index];
  const std::size_t rows = chunk.end - chunk.begin;
  const std::size_t columns = negatives_.size();
  workspace.by_negatives.resize(rows * columns);
  workspace.lengths.assign(rows, 1.0F);
  workspace.negative_gradient.resize(columns * dimension_);
  workspace.recency_gradient.assign(recency_gradient_.size(), 0.0);
  workspace.loss = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    encode(sequences, visits[chunk.begin + r], chunk.begin + r, workspace.lengths[r]);
  }
  float* users = user(chunk.begin);
  kernels_.multiply({users, false}, {negatives_.vectors().data(), true}, rows, columns, dimension_,
                    false, workspace.by_negatives.data());
  const float share = 1 / static_cast<float>(target_count_);
  for (std::size_t r = 0; r < rows; ++r) {
    const std::size_t number = chunk.begin + r;
    const TowerVisit& visit = visits[number];
    const std::span<float> scores = std::span(workspace.by_negatives).subspan(r * columns, columns);
    const std::span<float> targets =
        std::span(by_targets_).subspan(target_offsets_[number], visit.targets());
    for (std::size_t t = 0; t < targets.size(); ++t) {
      const std::uint32_t item = sequences.items[visit.begin + t];
      target_items_[target_offsets_[number] + t] = item;
      targets[t] =
          kernels_.dot(user(number), &towers_.item_vectors()[item * dimension_], dimension_);
    }
    strike_touched(sequences, visit, scores);
    workspace.loss += visit_loss(recipe_, negatives_.bias(), targets, scores, kernels_);
    for (float& x : scores) x *= share;
    for (float& x : targets) x *= share;
  }
  kernels_.multiply({workspace.by_negatives.data(), true}, {users, false}, columns, dimension_,
                    rows, false, workspace.negative_gradient.data());
  kernels_.multiply({workspace.by_negatives.data(), false}, {negatives_.vectors().data(), false},
                    rows, dimension_, columns, false, by_sum(chunk.begin));
  for (std::size_t r = 0; r < rows; ++r) {
    differentiate_history(visits[chunk.begin + r], chunk.begin + r, workspace.lengths[r],
                          workspace);
  }
}

/// The user vector of a visit; leaves its length before it was brought to 1.
void TwoTowerTrainer::encode(const ItemSequences& sequences, const TowerVisit& visit,
                             std::size_t number, float& length) {
  WeighedHistory history = history_of(number);
  copy_history(sequences, visit, &history_items_[history_offsets_[number]], history.weights.data());
  towers_.encoder.weigh(history);
  history_lengths_[number] = history.length;
  history_sums_[number] = history.sum;
  float* vector = user(number);
  kernels_.weighted_sum(towers_.history_vectors().data(), dimension_, history.items.data(),
                        history.weights.data(), history.items.size(), vector);
  if (recipe_.score == Score::kDot) return;
  length = std::max(std::sqrt(kernels_.dot(vector, vector, dimension_)), kShortest);
  const float shrink = 1 / length;
  for (std::size_t c = 0; c < dimension_; ++c) vector[c] *= shrink;
}

/// What the user has touched is no negative.
void TwoTowerTrainer::strike_touched(const ItemSequences& sequences, const TowerVisit& visit,
                                     std::span<float> scores) const {
  const std::size_t last = std::max(visit.end, visit.history_end);
  for (std::size_t k = visit.history_begin; k < last; ++k) {
    negatives_.strike(sequences.items[k], scores);
  }
}

/// Completes the derivative by the user vector with that of the targets, and turns it into that by
/// the sum over the history.
void TwoTowerTrainer::differentiate_history(const TowerVisit& visit, std::size_t number,
                                            float length, Workspace& workspace) {
  float* gradient = by_sum(number);
  for (std::size_t t = 0; t < visit.targets(); ++t) {
    const std::size_t k = target_offsets_[number] + t;
    const float* item = &towers_.item_vectors()[target_items_[k] * dimension_];
    for (std::size_t c = 0; c < dimension_; ++c) gradient[c] += by_targets_[k] * item[c];
  }
  const float* vector = user(number);
  if (recipe_.score == Score::kCosine) {
    const float along = kernels_.dot(gradient, vector, dimension_);
    const float shrink = 1 / length;
    for (std::size_t c = 0; c < dimension_; ++c) {
      gradient[c] = (gradient[c] - along * vector[c]) * shrink;
    }
  }
  if (recency_gradient_.empty()) return;
  towers_.encoder.add_recency_gradient(history_of(number), towers_.history_vectors(),
                                       {vector, dimension_}, {gradient, dimension_}, kernels_,
                                       workspace.recency_gradient);
}

/// The chunks' derivatives by the negatives, summed in the chunks' order.
void TwoTowerTrainer::sum_negatives(std::size_t chunks) {
  float* sums = &sources_[2 * visit_count_ * dimension_];
  constexpr std::size_t kNumbers = 8192;
  pool_.for_each_chunk(negatives_.size() * dimension_, kNumbers, [&](const Chunk& part) {
    const std::size_t size = part.end - part.begin;
    std::copy_n(&workspaces_[0].negative_gradient[part.begin], size, sums + part.begin);
    for (std::size_t chunk = 1; chunk < chunks; ++chunk) {
      const float* more = &workspaces_[chunk].negative_gradient[part.begin];
      for (std::size_t k = 0; k < size; ++k) sums[part.begin + k] += more[k];
    }
  });
}

/// Brings every derivative to its item.
void TwoTowerTrainer::collect(std::size_t visits) {
  item_gradient_.clear();
  history_gradient_.clear();
  BatchGradient& history = towers_.history ? history_gradient_ : item_gradient_;
  for (std::uint32_t number = 0; number < visits; ++number) {
    for (std::size_t k = history_offsets_[number]; k < history_offsets_[number + 1]; ++k) {
      history.add(history_items_[k], number, history_weights_[k]);
    }
    const auto source = static_cast<std::uint32_t>(visits + number);
    for (std::size_t k = target_offsets_[number]; k < target_offsets_[number + 1]; ++k) {
      item_gradient_.add(target_items_[k], source, by_targets_[k]);
    }
  }
  for (std::size_t column = 0; column < negatives_.size(); ++column) {
    item_gradient_.add(negatives_.items()[column], static_cast<std::uint32_t>(2 * visits + column),
                       1.0F);
  }
  item_gradient_.sum(sources_, kernels_, pool_);
  if (towers_.history) history_gradient_.sum(sources_, kernels_, pool_);
}

}  // namespace palate::internal
