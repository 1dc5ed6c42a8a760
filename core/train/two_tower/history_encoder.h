// From a history to a user vector: the weighted mean of item vectors, and its derivatives.
#ifndef PALATE_TRAIN_TWO_TOWER_HISTORY_ENCODER_H_
#define PALATE_TRAIN_TWO_TOWER_HISTORY_ENCODER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/model_writer.h"
#include "palate/recipe.h"
#include "train/kernels/kernels.h"
#include "train/optimize/optimizer.h"

namespace palate::internal {

/// A history on its way to a user vector: its items, oldest first, and what they weigh.
struct WeighedHistory {
  std::span<const std::uint32_t> items;
  std::span<float> weights;  ///< in: of the events; out: a_j / (sum of a)^length_exponent
  float length = 1;          ///< (sum of a)^length_exponent
  float sum = 0;             ///< of a
};

/// User vector = sum_j a_j h_j / (sum_j a_j)^length_exponent, with a_j as in `HistoryWeights`. With
/// order, the weight of a place is learned: one number for each of the newest places, then for
/// ever more places at once, as their logarithm grows.
class HistoryEncoder {
 public:
  HistoryEncoder(std::span<const std::uint32_t> popularity, const TwoTowerRecipe& recipe,
                 bool ordered, const Kernels& kernels);

  /// Turns the weights of events into weights of vectors.
  void weigh(WeighedHistory& history) const;

  /// Adds the derivative of a loss by the logarithms of the recency weights to `gradient`
  /// (`recency_count()` numbers), given the derivative by the user vector.
  void add_recency_gradient(const WeighedHistory& history, std::span<const float> vectors,
                            std::span<const float> user, std::span<const float> by_user,
                            const Kernels& kernels, std::span<double> gradient) const;

  std::size_t recency_count() const { return log_recency_.size(); }
  void step(std::span<const double> gradient, float learning_rate);

  /// What a checkpoint keeps of it; `take_over` follows when it was restored.
  StateParts state();
  void take_over();

  /// What the model file holds.
  HistoryWeights exported() const;

  /// Takes the recency over from a model file, where both have one; `take_over` follows.
  void start_from(const HistoryWeightsView& weights);

 private:
  std::vector<float> popularity_factor_;
  float popularity_damping_;
  float length_exponent_;
  std::vector<float> log_recency_;  ///< empty without order
  std::vector<float> recency_;      ///< its exponential
  Optimizer optimizer_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_TWO_TOWER_HISTORY_ENCODER_H_
