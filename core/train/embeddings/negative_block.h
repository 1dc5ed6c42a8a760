// The items that a batch tells its targets from, and their vectors side by side.
#ifndef PALATE_TRAIN_EMBEDDINGS_NEGATIVE_BLOCK_H_
#define PALATE_TRAIN_EMBEDDINGS_NEGATIVE_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/random.h"
#include "train/optimize/negative_sampler.h"

namespace palate::internal {

/// A score that stands for an item which is no negative: its derivative is 0.
inline constexpr float kNoNegative = -1e30F;

struct NegativeOptions {
  std::uint32_t count = 0;          ///< of items, at least: all of them, each once
  float popularity_exponent = 0;    ///< as the sampler wants it
  float popularity_correction = 1;  ///< 1: the block stands for all items; 0: for itself
};

/// One column an item that was drawn. An item may have several columns.
class NegativeBlock {
 public:
  NegativeBlock(std::span<const std::uint32_t> popularity, std::size_t dimension,
                const NegativeOptions& options);

  /// Draws the items and gathers their rows of `vectors` (items x dimension).
  void draw(Random& random, std::span<const float> vectors);

  std::size_t size() const { return items_.size(); }
  std::span<const std::uint32_t> items() const { return items_; }

  /// size() x dimension.
  const std::vector<float>& vectors() const { return vectors_; }

  /// What is added to a column's logit, so that the block stands for all items (Bengio, Senecal
  /// 2008; Yi et al. 2019, section 4.2).
  std::span<const float> bias() const { return bias_; }

  /// Writes `kNoNegative` into the item's columns of one row of scores.
  void strike(std::uint32_t item, std::span<float> scores) const;

 private:
  NegativeOptions options_;
  std::size_t item_count_;
  std::size_t dimension_;
  NegativeSampler sampler_;
  std::vector<std::uint32_t> items_;
  std::vector<float> bias_;
  std::vector<float> vectors_;
  std::vector<std::uint32_t> column_of_;    ///< of an item: the last column that holds it
  std::vector<std::uint32_t> next_column_;  ///< of a column: another one with the same item
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_EMBEDDINGS_NEGATIVE_BLOCK_H_
