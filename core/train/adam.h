// Adam, the optimiser.
#ifndef PALATE_TRAIN_ADAM_H_
#define PALATE_TRAIN_ADAM_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "train/checkpoint.h"

namespace palate::internal {

/// Kingma, Ba 2015, algorithm 1, with their beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8.
class Adam {
 public:
  Adam(std::size_t parameters, float learning_rate);

  /// Moves the parameters one step against the gradient.
  void step(std::span<const float> gradient, std::span<float> parameters);

  /// What a checkpoint keeps of it.
  StateParts state() {
    return {{"adam beta1 power", beta1_power_},
            {"adam beta2 power", beta2_power_},
            {"adam first moment", first_moment_},
            {"adam second moment", second_moment_}};
  }

 private:
  float learning_rate_;
  double beta1_power_ = 1;
  double beta2_power_ = 1;
  std::vector<float> first_moment_;
  std::vector<float> second_moment_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_ADAM_H_
