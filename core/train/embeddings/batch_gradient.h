// The derivatives by the rows that one batch touched, summed in an order that no thread can change.
#ifndef PALATE_TRAIN_EMBEDDINGS_BATCH_GRADIENT_H_
#define PALATE_TRAIN_EMBEDDINGS_BATCH_GRADIENT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// Collects terms "weight * source row goes to item", then sums them item by item: each sum has one
/// owner, so threads need no locks and their number changes nothing.
class BatchGradient {
 public:
  BatchGradient(std::size_t items, std::size_t dimension);

  void clear();
  void add(std::uint32_t item, std::uint32_t source, float weight) {
    terms_.push_back({item, source, weight});
  }

  /// Sums; `sources` has rows of the dimension.
  void sum(std::span<const float> sources, const Kernels& kernels, ThreadPool& pool);

  /// The items that have a term, each once, and their sums, row after row.
  std::span<const std::uint32_t> items() const { return items_; }
  std::span<float> rows() { return rows_; }
  std::span<const float> rows() const { return rows_; }

 private:
  struct Term {
    std::uint32_t item;
    std::uint32_t source;
    float weight;
  };

  void group();

  std::size_t dimension_;
  std::vector<Term> terms_;
  std::vector<std::uint32_t> place_of_;  ///< of an item in `items_`
  std::vector<std::uint32_t> items_;
  std::vector<std::size_t> offsets_;  ///< of each item's terms in the two below
  std::vector<std::uint32_t> sources_;
  std::vector<float> weights_;
  std::vector<float> rows_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_EMBEDDINGS_BATCH_GRADIENT_H_
