// Cosines of vectors that are brought to length 1 as they come, or shared categories.
#include "runtime/item_similarity.h"

#include <algorithm>
#include <span>

#include "palate/words.h"
#include "runtime/dot.h"
#include "runtime/score_offset.h"

namespace palate::internal {

Status ItemSimilarity::reserve(std::size_t slots) {
  if (Status status = items_.reserve(slots); !status) return status;
  if (has_vectors()) return vectors_.reserve(slots, model_->dimension());
  for (const AttributeView& attribute : model_->attributes()) {
    if (attribute.kind == AttributeKind::kCategory) return Done{};
  }
  return Error{ErrorCode::kModelUnsupported,
               "diversity needs items with vectors or with categories, and the model has neither; "
               "train it with --items, or with another recipe"_words};
}

void ItemSimilarity::put(std::size_t slot, ItemIndex item) {
  items_[slot] = item;
  if (!has_vectors()) return;
  const std::span<float> vector(vectors_.data() + slot * model_->dimension(), model_->dimension());
  model_->item_vectors().read(to_row(item), vector);
  const std::size_t telling = telling_columns(*model_);
  const auto scale = static_cast<float>(inverse_norm(vector.first(telling)));
  for (float& x : vector) x *= scale;
  std::fill(vector.begin() + static_cast<std::ptrdiff_t>(telling), vector.end(), 0.0F);
}

void ItemSimilarity::move(std::size_t from, std::size_t to) {
  items_[to] = items_[from];
  if (!has_vectors()) return;
  const std::size_t dimension = model_->dimension();
  std::copy_n(vectors_.data() + from * dimension, dimension, vectors_.data() + to * dimension);
}

float ItemSimilarity::between(std::size_t slot, std::size_t other) const {
  if (!has_vectors()) return shared_categories(items_[slot], items_[other]);
  const std::size_t dimension = model_->dimension();
  const float cosine =
      dot(vectors_.data() + slot * dimension, {vectors_.data() + other * dimension, dimension});
  return std::clamp((1 + cosine) / 2, 0.0F, 1.0F);
}

float ItemSimilarity::shared_categories(ItemIndex item, ItemIndex other) const {
  std::size_t shared = 0;
  std::size_t all = 0;
  for (const AttributeView& attribute : model_->attributes()) {
    const std::span<const std::uint32_t> ours = attribute.entries_of(item);
    const std::span<const std::uint32_t> theirs = attribute.entries_of(other);
    all += ours.size() + theirs.size();
    for (const std::uint32_t entry : ours) {
      shared += static_cast<std::size_t>(std::count(theirs.begin(), theirs.end(), entry));
    }
  }
  // An item that names a category twice shares it more often than both have it.
  if (2 * shared >= all) return shared == 0 ? 0.0F : 1.0F;
  return static_cast<float>(shared) / static_cast<float>(all - shared);
}

}  // namespace palate::internal
