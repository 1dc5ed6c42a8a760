// Causal attention over one window: every event looks back at those before it and at itself.
#ifndef PALATE_TRAIN_SEQUENCE_ATTENTION_H_
#define PALATE_TRAIN_SEQUENCE_ATTENTION_H_

#include <cstddef>
#include <vector>

#include "train/kernels/kernels.h"

namespace palate::internal {

struct AttentionShape {
  std::size_t dimension = 0;
  std::size_t heads = 0;
  std::size_t window = 0;  ///< events that are looked at, at most

  std::size_t head_width() const { return dimension / heads; }
};

/// The formula is that of `SequenceView`. Rows are events, oldest first, `mixing` has
/// [queries, keys, values] of each; `distances` is heads x window numbers. Keeps what going back
/// needs.
class Attention {
 public:
  void forward(const AttentionShape& shape, const float* distances, const float* mixing,
               std::size_t rows, const Kernels& kernels, float* mixed);

  /// Writes the derivatives by `mixing`, and adds those by `distances`.
  void backward(const AttentionShape& shape, const float* mixing, const float* by_mixed,
                std::size_t rows, const Kernels& kernels, float* by_mixing, float* by_distances);

 private:
  std::vector<float> probabilities_;  ///< head after head, block of rows after block of rows
  std::vector<float> by_scores_;
  std::vector<float> queries_, keys_, values_, outputs_;              ///< of one head
  std::vector<float> by_queries_, by_keys_, by_values_, by_outputs_;  ///< of one head
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_SEQUENCE_ATTENTION_H_
