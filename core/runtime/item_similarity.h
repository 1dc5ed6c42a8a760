// How similar two items are, for lists that are to be diverse.
#ifndef PALATE_RUNTIME_ITEM_SIMILARITY_H_
#define PALATE_RUNTIME_ITEM_SIMILARITY_H_

#include <cstddef>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// Formula: palate/request.h, Reranking. Items stand in slots, with what is known of them. Borrows
/// the model.
class ItemSimilarity {
 public:
  explicit ItemSimilarity(const Model& model) : model_(&model) {}

  /// Makes room. `kModelUnsupported` where items have neither vectors nor categories.
  Status reserve(std::size_t slots);

  void put(std::size_t slot, ItemIndex item);
  void move(std::size_t from, std::size_t to);

  /// In [0, 1].
  float between(std::size_t slot, std::size_t other) const;

 private:
  bool has_vectors() const { return model_->item_vectors().rows > 0; }
  float shared_categories(ItemIndex item, ItemIndex other) const;

  const Model* model_;
  Buffer<ItemIndex> items_;
  Buffer<float> vectors_;  // of unit length
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_ITEM_SIMILARITY_H_
