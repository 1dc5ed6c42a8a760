// The network of a tabular model in training: embeddings of categories, and an MLP on all inputs.
#ifndef PALATE_TRAIN_CLICK_CLICK_NETWORK_H_
#define PALATE_TRAIN_CLICK_CLICK_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "palate/recipe.h"
#include "train/checkpoint.h"
#include "train/click/training_rows.h"
#include "train/embeddings/batch_gradient.h"
#include "train/optimize/optimizer.h"
#include "train/ranker/mlp.h"

namespace palate::internal {

/// One column among the network's inputs.
struct ColumnInputs {
  std::size_t first = 0;    ///< of the inputs
  std::size_t width = 0;    ///< 1 or 2 with a number, else of the embedding
  std::size_t vectors = 0;  ///< of a category: where its embeddings begin among all
  std::size_t rows = 0;     ///< of a category: categories + 2
};

class ClickNetwork {
 public:
  /// Starts as the constant `offset`. Borrows the rows, the kernels and the pool.
  ClickNetwork(const TrainingRows& rows, const ClickRecipe& recipe, float offset,
               std::uint64_t seed, const Kernels& kernels, ThreadPool& pool);

  /// Adam on one batch; returns the sum of the losses.
  double train_batch(std::span<const std::uint32_t> batch);

  /// The mean loss over rows, without dropout.
  double loss_of(std::span<const std::uint32_t> rows) const;

  /// The derivatives of the batch's mean loss and of the penalties, where `train_batch` finds them:
  /// by the MLP's parameters; the embeddings' follow by `embedding_gradient`.
  double differentiate(std::span<const std::uint32_t> batch);
  std::span<const float> mlp_gradient() const { return gradients_.front(); }
  /// By all embeddings, zero where the batch touched none. For tests: steps go row by row.
  std::vector<float> embedding_gradient() const;

  Mlp& mlp() { return mlp_; }
  const Mlp& mlp() const { return mlp_; }
  std::vector<float>& embeddings() { return embeddings_; }
  std::span<const ColumnInputs> columns() const { return columns_; }

  /// The mean of each input over rows.
  std::vector<float> average_of(std::span<const std::uint32_t> rows) const;

  /// What a checkpoint keeps of it.
  StateParts state();

 private:
  void write_input(std::uint32_t row, float* input) const;
  void run_chunk(std::span<const std::uint32_t> batch, const Chunk& chunk);
  void collect_embedding_gradients(std::span<const std::uint32_t> batch);
  float penalty_slope(float parameter) const;

  const TrainingRows& rows_;
  const ClickRecipe& recipe_;
  std::uint64_t seed_;
  const Kernels& kernels_;
  ThreadPool& pool_;
  std::vector<ColumnInputs> columns_;
  std::size_t width_ = 0;
  Mlp mlp_;
  std::vector<float> embeddings_;
  Optimizer mlp_adam_;
  Optimizer embedding_adam_;
  std::uint64_t batches_ = 0;

  // Of the batch at hand.
  std::vector<std::vector<float>> gradients_;       ///< a chunk each; the first is their sum
  std::vector<double> losses_;                      ///< a chunk each
  std::vector<float> by_input_;                     ///< rows x width
  std::vector<std::vector<float>> by_vectors_;      ///< a column each: its part of `by_input_`
  std::vector<BatchGradient> embedding_gradients_;  ///< a column each
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_CLICK_CLICK_NETWORK_H_
