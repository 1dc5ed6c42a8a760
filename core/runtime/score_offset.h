// What a value fold-in changes of vectors and scores: every item starts from a value of its own.
#ifndef PALATE_RUNTIME_SCORE_OFFSET_H_
#define PALATE_RUNTIME_SCORE_OFFSET_H_

#include <cstddef>
#include <span>

#include "palate/model.h"

namespace palate::internal {

/// Whether a score is the cosine of two vectors, and not their product.
inline bool scores_by_cosine(const Model& model) {
  return model.value_fold_in() != nullptr && model.value_fold_in()->by_cosine;
}

/// What the score of an item is before a user vector is known: mean + item bias with a value
/// fold-in, else, and where scores are cosines, 0. Borrows the model's file.
class ScoreOffset {
 public:
  ScoreOffset() = default;  ///< 0 for all
  explicit ScoreOffset(const Model& model) {
    if (model.encoder() != EncoderKind::kValueFoldIn || scores_by_cosine(model)) return;
    mean_ = model.value_head()->mean;
    item_bias_ = model.value_head()->item_bias;
  }

  bool empty() const { return item_bias_.empty(); }
  float operator[](std::size_t row) const { return empty() ? 0.0F : mean_ + item_bias_[row]; }

 private:
  float mean_ = 0;
  std::span<const float> item_bias_;
};

/// How many numbers of an item vector, from the first on, tell it from other items: all, but for
/// the last one of a value fold-in, which is the same for all items.
inline std::size_t telling_columns(const Model& model) {
  return model.dimension() - (model.encoder() == EncoderKind::kValueFoldIn ? 1 : 0);
}

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_SCORE_OFFSET_H_
