// A table of learned vectors, one an item, of which a step moves only the rows it touched.
#ifndef PALATE_TRAIN_EMBEDDINGS_EMBEDDING_TABLE_H_
#define PALATE_TRAIN_EMBEDDINGS_EMBEDDING_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "palate/model_writer.h"
#include "palate/random.h"
#include "palate/recipe.h"
#include "train/kernels/kernels.h"
#include "train/optimize/optimizer.h"

namespace palate::internal {

/// What a length is taken for when it is less: a vector of length 0 has no direction.
inline constexpr float kShortest = 1e-12F;

/// The categories of every item, over all category attributes: item i has
/// members[offsets[i] .. offsets[i + 1]), numbers below `count`.
struct ItemCategories {
  std::vector<std::size_t> offsets;  ///< items + 1
  std::vector<std::uint32_t> members;
  std::size_t count = 0;
};
ItemCategories categories_of(const Catalogue& catalogue);

/// What a table starts from, and how it learns.
struct EmbeddingOptions {
  std::size_t dimension = 0;
  float initial_stddev = 0;
  OptimizerKind optimizer = OptimizerKind::kAdam;
  float weight_decay = 0;
};

/// An item's vector is the sum of its own embedding and those of its categories, brought to the
/// length that the table is asked for. The bytes do not depend on the number of threads.
class EmbeddingTable {
 public:
  /// `lengths`: of each item's vector; empty: as they come. Without categories, `categories.count`
  /// is 0. Borrows the kernels and the pool.
  EmbeddingTable(std::size_t items, const EmbeddingOptions& options, std::vector<float> lengths,
                 ItemCategories categories, Random random, const Kernels& kernels,
                 ThreadPool& pool);

  /// items x dimension.
  const std::vector<float>& vectors() const { return vectors_; }

  /// Lets an item start at this vector: what its categories add is taken off its own embedding.
  /// `take_over` follows.
  void start_at(std::size_t item, std::span<const float> vector);

  /// One step of the optimiser. `gradients` has one row for each of `items`, which are distinct:
  /// the derivative by the item's vector; it is overwritten.
  void step(std::span<const std::uint32_t> items, std::span<float> gradients, float learning_rate);

  /// What a checkpoint keeps of it; `take_over` follows when it was restored.
  StateParts state();
  /// Brings the vectors up to date with the embeddings.
  void take_over() { refresh_all(); }

 private:
  void refresh(std::size_t item);
  void refresh_all();
  void undo_scaling(std::size_t item, std::span<float> gradient) const;
  void step_categories(std::span<const std::uint32_t> items, std::span<const float> gradients);

  std::span<float> row(std::vector<float>& table, std::size_t number) const {
    return std::span(table).subspan(number * dimension_, dimension_);
  }

  std::size_t items_;
  std::size_t dimension_;
  std::vector<float> lengths_;  ///< that vectors are brought to; empty: none
  ItemCategories categories_;
  const Kernels& kernels_;
  ThreadPool& pool_;
  std::vector<float> embeddings_;  ///< of the items, then of the categories
  std::vector<float> vectors_;
  std::vector<float> scales_;  ///< of the vectors, to bring them to their lengths
  Optimizer optimizer_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_EMBEDDINGS_EMBEDDING_TABLE_H_
