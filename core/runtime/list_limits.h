// Caps and quotas: which items a list may still take.
#ifndef PALATE_RUNTIME_LIST_LIMITS_H_
#define PALATE_RUNTIME_LIST_LIMITS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "palate/model.h"
#include "palate/request.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// Counts the items of a list by category. Borrows the model.
class ListLimits {
 public:
  explicit ListLimits(const Model& model) : model_(&model) {}

  /// Starts a list of `length` places, which must stay as it is with what `reranking` points to.
  /// `kRequestInvalid` for an attribute without categories or a category that the model lacks.
  Status start(const Reranking& reranking, std::size_t length);

  bool any() const { return !caps_.empty() || !quotas_.empty(); }

  /// Whether no cap is against the item; once one is, it stays so.
  bool within_caps(ItemIndex item) const;

  /// Whether quotas need all places that are left, and whether one of them needs the item.
  bool is_reserved() const { return needed_ > 0 && needed_ >= places_; }
  bool is_needed(ItemIndex item) const;

  bool allows(ItemIndex item) const {
    return within_caps(item) && (!is_reserved() || is_needed(item));
  }

  /// No item can be had for the quotas that are left.
  void give_up_quotas();

  void add(ItemIndex item);

 private:
  Status check() const;
  void count_needed();

  const Model* model_;
  std::span<const Cap> caps_;
  std::span<const Quota> quotas_;
  std::size_t places_ = 0;  // left
  std::uint64_t needed_ = 0;
  Buffer<std::uint32_t> counts_;   // of each cap, an entry a category
  Buffer<std::uint32_t> missing_;  // of each quota
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_LIST_LIMITS_H_
