// How much of a score comes through each category: what the history's items share with the item.
#ifndef PALATE_RUNTIME_ATTRIBUTE_SHARES_H_
#define PALATE_RUNTIME_ATTRIBUTE_SHARES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/recommender.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// `Explanation::attributes`. Borrows the model.
class AttributeShares {
 public:
  explicit AttributeShares(const Model& model) : model_(&model) {}

  /// Shares the amounts of a history's items out among the categories of `item`; takes time linear
  /// in the categories of all of them.
  Status share_out(ItemIndex item, std::span<const Contribution> contributions,
                   std::vector<AttributeContribution>& attributes);

 private:
  Status prepare();
  void share_out_one(const Contribution& contribution);

  template <class Work>
  void for_each_category(ItemIndex item, Work work) const {
    std::uint32_t first = 0;  // of the attribute's categories among all
    for (std::uint32_t a = 0; a < model_->attributes().size(); ++a) {
      const AttributeView& attribute = model_->attributes()[a];
      for (const std::uint32_t c : attribute.entries_of(item)) work(a, c, first + c);
      first += static_cast<std::uint32_t>(attribute.categories.size());
    }
  }

  const Model* model_;
  bool is_ready_ = false;
  Buffer<float> weights_;        // one a category, of all attributes in turn
  Buffer<std::uint32_t> slots_;  // 1 + place among the item's categories; 0: not one of them
  Buffer<double> amounts_;       // one a place
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_ATTRIBUTE_SHARES_H_
