// The parameters of a sequence network: where each layer's stand, what they start from.
#ifndef PALATE_TRAIN_SEQUENCE_NETWORK_H_
#define PALATE_TRAIN_SEQUENCE_NETWORK_H_

#include <cstddef>
#include <span>
#include <vector>

#include "palate/model_writer.h"
#include "palate/random.h"
#include "palate/recipe.h"
#include "train/dense_layer.h"

namespace palate::internal {

/// One block of the network, by the names of `SequenceBlockView`.
struct BlockPlaces {
  DensePlace mix_in;
  DensePlace mix_out;
  std::size_t distances = 0;  ///< heads x window numbers; none with a recurrence
  DensePlace widen;
  DensePlace narrow;
};

/// All parameters but the items' vectors, end to end.
class SequenceNetwork {
 public:
  /// `timed`: the log has times; `types`: how many types of events it has, 0 for none.
  SequenceNetwork(const SequenceRecipe& recipe, bool timed, std::size_t types, Random random);

  const SequenceRecipe& recipe() const { return recipe_; }
  std::span<const BlockPlaces> blocks() const { return blocks_; }

  /// What the mixer of a block hands on: the dimension, or the width of the state.
  std::size_t mixed_width() const {
    return recipe_.mixer == Mixer::kAttention ? recipe_.dimension : recipe_.state;
  }
  std::size_t gains() const { return gains_; }          ///< `dimension` numbers
  std::size_t gaps() const { return gaps_; }            ///< buckets x dimension numbers
  std::size_t gap_buckets() const { return buckets_; }  ///< 0 where gaps are not read
  std::size_t types() const { return types_; }          ///< `type_rows` x dimension numbers
  std::size_t type_rows() const { return type_rows_; }  ///< 0 where types are not read

  std::vector<float>& parameters() { return parameters_; }

  /// Takes the parameters of a network over from a model file, if it is of the same shape.
  void start_from(const SequenceView& view);
  std::span<const float> parameters() const { return parameters_; }

  /// What the model file holds of `parameters`.
  Sequence exported(std::span<const float> parameters) const;

 private:
  DensePlace add_dense(std::size_t inputs, std::size_t outputs);
  void start(const DensePlace& place, double stddev, Random& random);
  void spread_fading(const DensePlace& mix_in);

  SequenceRecipe recipe_;
  std::vector<BlockPlaces> blocks_;
  std::size_t size_ = 0;
  std::size_t gains_ = 0;
  std::size_t gaps_ = 0;
  std::size_t buckets_ = 0;
  std::size_t types_ = 0;
  std::size_t type_rows_ = 0;
  std::vector<float> parameters_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_SEQUENCE_NETWORK_H_
