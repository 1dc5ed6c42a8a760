// The optimisers: Adam, AdamW and Adagrad, for dense parameters and for rows of a table alike.
#ifndef PALATE_TRAIN_OPTIMIZE_OPTIMIZER_H_
#define PALATE_TRAIN_OPTIMIZE_OPTIMIZER_H_

#include <cstddef>
#include <span>
#include <vector>

#include "palate/recipe.h"
#include "train/checkpoint.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// Moves parameters against their gradient, step by step, each number on its own:
///   Adam     Kingma, Ba 2015, algorithm 1: beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8
///   AdamW    Loshchilov, Hutter 2019, algorithm 2: Adam whose weight decay goes past the moments,
///            straight into the step
///   Adagrad  Duchi, Hazan, Singer 2011: step / sqrt(sum of the squared gradients)
/// With Adam and Adagrad, weight decay is that of L2: weight_decay * parameter joins the gradient.
///
/// A step need not move all parameters. Those that it leaves alone keep their moments too, so the
/// rows of a large table that a batch does not touch cost nothing.
class Optimizer {
 public:
  Optimizer(OptimizerKind kind, std::size_t parameters, float weight_decay, const Kernels& kernels);

  /// The calls of `move` up to the next `begin_step` are one step.
  void begin_step(float learning_rate);

  /// Moves the parameters from number `first` on, as many as `gradient` has. Each at most once a
  /// step; parts that do not overlap may be moved from several threads.
  void move(std::size_t first, std::span<const float> gradient, std::span<float> parameters);

  /// What a checkpoint keeps of it.
  StateParts state() {
    return {{"beta1 power", beta1_power_},
            {"beta2 power", beta2_power_},
            {"first moment", first_moment_},
            {"second moment", second_moment_}};
  }

 private:
  OptimizerKind kind_;
  const Kernels& kernels_;
  OptimizerStep step_{};
  double beta1_power_ = 1;
  double beta2_power_ = 1;
  std::vector<float> first_moment_;   ///< of Adam and AdamW
  std::vector<float> second_moment_;  ///< of Adagrad: the sum of the squared gradients
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_OPTIMIZE_OPTIMIZER_H_
