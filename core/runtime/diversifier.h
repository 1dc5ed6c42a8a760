// What an item adds to a list besides its own value: MMR and the greedy MAP of a DPP.
#ifndef PALATE_RUNTIME_DIVERSIFIER_H_
#define PALATE_RUNTIME_DIVERSIFIER_H_

#include <cstddef>
#include <cstdint>

#include "palate/model.h"
#include "palate/request.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/item_similarity.h"

namespace palate::internal {

/// Candidates have a slot each, counted from 0; the items that the list has are kept beside them.
/// Each candidate catches up with the list when it is asked about, so one that never comes into
/// question costs nothing.
class Diversifier {
 public:
  explicit Diversifier(const Model& model) : similarity_(model) {}

  /// Forgets everything. As `ItemSimilarity::reserve`.
  Status reset(Diversity kind, std::size_t list, std::size_t candidates);

  /// Puts a candidate into a slot, in place of the one before it.
  void put(std::size_t slot, ItemIndex item);

  /// What the candidate would add: 0 or less; for an empty list 0.
  float gain(std::size_t slot);

  /// Adds the candidate to the list; its slot stays as it is.
  void choose(std::size_t slot);

  static constexpr float kLeastGain = 1e-5F;  ///< of the determinant

 private:
  void follow(std::size_t slot);
  float* factor(std::size_t slot) { return factors_.data() + slot * list_; }

  ItemSimilarity similarity_;
  Diversity kind_ = Diversity::kNone;
  std::size_t list_ = 0;  // its items stand in the first slots
  std::size_t chosen_ = 0;
  Buffer<std::uint32_t> followed_;  // how many of the list each slot has caught up with
  Buffer<float> rest_;              // MMR: the largest similarity; DPP: the d^2 of Chen et al.
  Buffer<float> factors_;           // DPP: their c, a row of the Cholesky factor of S
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_DIVERSIFIER_H_
