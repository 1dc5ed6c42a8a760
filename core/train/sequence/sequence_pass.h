// One way of a few windows through the network, and back.
#ifndef PALATE_TRAIN_SEQUENCE_SEQUENCE_PASS_H_
#define PALATE_TRAIN_SEQUENCE_SEQUENCE_PASS_H_

#include <cstddef>
#include <span>
#include <vector>

#include "train/dense_layer.h"
#include "train/kernels/kernels.h"
#include "train/sequence/attention.h"
#include "train/sequence/layers.h"
#include "train/sequence/network.h"
#include "train/sequence/recurrence.h"

namespace palate::internal {

/// Windows stand end to end, without padding. Keeps its memory from one use to the next.
class SequencePass {
 public:
  /// Makes room for windows of these lengths, in events.
  void lay_out(const SequenceNetwork& network, std::span<const std::size_t> lengths);

  std::size_t rows() const { return rows_; }

  /// To be filled with the vectors of the events: rows x dimension.
  std::span<float> input() { return input_; }

  /// Runs the network; `random` draws what is dropped out, none drops nothing.
  void forward(std::span<const float> parameters, const Kernels& kernels, Random* random);

  /// The user vectors after each event: rows x dimension.
  std::span<const float> output() const { return output_; }

  /// To be filled with the derivatives by the output.
  std::span<float> by_output() { return by_output_; }

  /// Adds the derivatives by the parameters to `gradient`.
  void backward(std::span<const float> parameters, const Kernels& kernels,
                std::span<float> gradient);

  /// The derivatives by the input, once `backward` has been.
  std::span<const float> by_input() const { return by_stream_; }

 private:
  /// What a block leaves for the way back.
  struct Block {
    std::vector<float> mix_normal, mix_factors, mixing, mixed;
    std::vector<Attention> attention;  ///< one a window, or
    std::vector<Recurrence> recurrence;
    std::vector<float> widen_normal, widen_factors, widened;
    Dropout mix_dropout, narrow_dropout;
  };

  void mix(const BlockPlaces& places, std::span<const float> parameters, const Kernels& kernels,
           Block& block);
  void unmix(const BlockPlaces& places, const Kernels& kernels, Block& block,
             std::span<float> gradient);
  void drop(Dropout& dropout, Random* random, std::span<float> numbers) const;
  void add_branch(Dropout& dropout, Random* random);
  AttentionShape attention_shape() const;

  const SequenceNetwork* network_ = nullptr;
  std::vector<std::size_t> lengths_;
  std::size_t rows_ = 0;
  std::size_t dimension_ = 0;
  std::vector<float> input_;
  std::vector<float> stream_;  ///< the residual stream
  std::vector<float> branch_;
  std::vector<Block> blocks_;
  Dropout input_dropout_;
  std::vector<float> last_normal_, last_factors_;
  std::vector<float> output_, by_output_;
  std::vector<float> by_stream_, by_branch_, by_normal_;  ///< rows x dimension
  std::vector<float> by_mixed_, by_mixing_, by_widened_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_SEQUENCE_SEQUENCE_PASS_H_
