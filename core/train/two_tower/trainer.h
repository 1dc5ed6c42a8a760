// The steps of two-tower: batches of visits against one block of negatives.
#ifndef PALATE_TRAIN_TWO_TOWER_TRAINER_H_
#define PALATE_TRAIN_TWO_TOWER_TRAINER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "palate/dataset.h"
#include "palate/random.h"
#include "palate/recipe.h"
#include "train/embeddings/batch_gradient.h"
#include "train/embeddings/embedding_table.h"
#include "train/embeddings/negative_block.h"
#include "train/kernels/kernels.h"
#include "train/two_tower/history_encoder.h"
#include "train/two_tower/visits.h"

namespace palate::internal {

/// The items as candidates, the items as history, and what a place in the history weighs.
struct Towers {
  EmbeddingTable items;
  std::optional<EmbeddingTable> history;  ///< none: shared with the items
  HistoryEncoder encoder;

  Towers(const Catalogue& catalogue, const TwoTowerRecipe& recipe, bool ordered, std::uint64_t seed,
         const Kernels& kernels, ThreadPool& pool);

  std::span<const float> item_vectors() const { return items.vectors(); }
  std::span<const float> history_vectors() const {
    return history ? history->vectors() : items.vectors();
  }

  /// What a checkpoint keeps of them; `take_over` follows when it was restored.
  StateParts state();
  void take_over();
};

/// Learns from batches. Everything it is given is borrowed.
class TwoTowerTrainer {
 public:
  TwoTowerTrainer(const Catalogue& catalogue, const TwoTowerRecipe& recipe, Towers& towers,
                  const Kernels& kernels, ThreadPool& pool);

  /// One step. Returns the loss, summed over the targets. The learning rate may be 0: then nothing
  /// moves, which the gradient tests use. Nothing moves either where the loss is no number.
  double step(const ItemSequences& sequences, std::span<const TowerVisit> visits,
              float learning_rate, Random random);

  /// Derivatives of the mean loss by the vectors of the items touched, as the last step left them.
  const BatchGradient& item_gradient() const { return item_gradient_; }
  const BatchGradient& history_gradient() const { return history_gradient_; }
  std::span<const double> recency_gradient() const { return recency_gradient_; }

 private:
  /// What one chunk of visits works in.
  struct Workspace {
    std::vector<float> by_negatives;       ///< derivatives: visits x negatives
    std::vector<float> lengths;            ///< of the user vectors, where scores are cosines
    std::vector<float> negative_gradient;  ///< negatives x dimension
    std::vector<double> recency_gradient;
    double loss = 0;
  };

  void lay_out(std::span<const TowerVisit> visits);
  void run_chunk(const ItemSequences& sequences, std::span<const TowerVisit> visits,
                 const Chunk& chunk);
  void encode(const ItemSequences& sequences, const TowerVisit& visit, std::size_t number,
              float& length);
  void strike_touched(const ItemSequences& sequences, const TowerVisit& visit,
                      std::span<float> scores) const;
  void differentiate_history(const TowerVisit& visit, std::size_t number, float length,
                             Workspace& workspace);
  double sum_losses(std::size_t chunks);
  void sum_negatives(std::size_t chunks);
  void collect(std::size_t visits);

  WeighedHistory history_of(std::size_t number);
  float* user(std::size_t number) { return &sources_[(visit_count_ + number) * dimension_]; }
  float* by_sum(std::size_t number) { return &sources_[number * dimension_]; }

  const TwoTowerRecipe& recipe_;
  Towers& towers_;
  const Kernels& kernels_;
  ThreadPool& pool_;
  std::size_t dimension_;
  NegativeBlock negatives_;

  /// Rows that gradients are sums of: derivatives by the users' sums of the history, the user
  /// vectors, derivatives by the negatives.
  std::vector<float> sources_;
  std::size_t visit_count_ = 0;
  std::size_t target_count_ = 0;
  std::vector<std::size_t> history_offsets_;
  std::vector<std::uint32_t> history_items_;
  std::vector<float> history_weights_;
  std::vector<float> history_sums_;
  std::vector<float> history_lengths_;
  std::vector<std::size_t> target_offsets_;
  std::vector<std::uint32_t> target_items_;
  std::vector<float> by_targets_;
  std::vector<Workspace> workspaces_;

  BatchGradient item_gradient_;
  BatchGradient history_gradient_;
  std::vector<double> recency_gradient_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_TWO_TOWER_TRAINER_H_
