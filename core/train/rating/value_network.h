// The network of a rating model: from vectors and features to a value.
#ifndef PALATE_TRAIN_RATING_VALUE_NETWORK_H_
#define PALATE_TRAIN_RATING_VALUE_NETWORK_H_

#include <cstdint>
#include <functional>
#include <span>

#include "data/parallel.h"
#include "palate/model_writer.h"
#include "palate/recipe.h"
#include "train/checkpoint.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// A value to learn from: what the user gave the item.
struct ValueExample {
  std::uint32_t user = 0;
  std::uint32_t item = 0;
  float value = 0;
};

/// What the network is trained on. All of it is borrowed.
struct ValueNetworkInputs {
  const Catalogue& catalogue;
  std::span<const float> user_vectors;  ///< folded in without the examples
  std::span<const float> item_vectors;  ///< trained without the examples
  std::span<const float> item_offsets;  ///< mean + item bias, trained without them too
  std::size_t dimension;
  std::span<const ValueExample> examples;
  const Kernels& kernels;
  ThreadPool& pool;
  Checkpoint& checkpoint;
};

struct ValueNetworkResult {
  Ranker ranker;
  double factors_rmse = 0;  ///< on the validation users, of the scores that the network starts from
  double rmse = 0;          ///< on the validation users, of the epoch that was kept
  std::uint32_t epochs = 0;  ///< that ran
};

/// Adam on the squared error, from the scores of the factors on, until the error on the validation
/// users' examples has not fallen for `patience` epochs; keeps the best epoch, the start among
/// them. `on_epoch` is told the epoch (from 1) and that error. Fails where its checkpoint does.
Result<ValueNetworkResult> train_value_network(
    const ValueNetworkInputs& inputs, const RankerRecipe& recipe, std::uint64_t seed,
    const std::function<void(std::uint32_t, double)>& on_epoch);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RATING_VALUE_NETWORK_H_
