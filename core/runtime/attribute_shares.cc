// Categories of the item are marked; each amount goes to the marked ones of its own item.
#include "runtime/attribute_shares.h"

#include "runtime/category_weights.h"

namespace palate::internal {

Status AttributeShares::prepare() {
  if (is_ready_) return Done{};
  std::size_t count = 0;
  for (const AttributeView& attribute : model_->attributes()) count += attribute.categories.size();
  if (Status status = weights_.reserve(count); !status) return status;
  if (Status status = slots_.reserve(count); !status) return status;
  std::span<float> weights = weights_.first(count);
  for (const AttributeView& attribute : model_->attributes()) {
    const std::size_t own = attribute.categories.size();
    weigh_categories(attribute, model_->item_count(), weights.first(own));
    weights = weights.subspan(own);
  }
  is_ready_ = true;
  return Done{};
}

Status AttributeShares::share_out(ItemIndex item, std::span<const Contribution> contributions,
                                  std::vector<AttributeContribution>& attributes) {
  if (Status status = prepare(); !status) return status;
  attributes.clear();
  for_each_category(item, [&](std::uint32_t a, std::uint32_t c, std::uint32_t category) {
    if (slots_[category] > 0) return;  // an item may name a category twice
    attributes.push_back({a, c, 0});
    slots_[category] = static_cast<std::uint32_t>(attributes.size());
  });
  Status status = amounts_.reserve(attributes.size());
  if (status) {
    for (std::size_t s = 0; s < attributes.size(); ++s) amounts_[s] = 0;
    for (const Contribution& contribution : contributions) share_out_one(contribution);
    for (std::size_t s = 0; s < attributes.size(); ++s) {
      attributes[s].amount = static_cast<float>(amounts_[s]);
    }
  }
  for_each_category(
      item, [&](std::uint32_t, std::uint32_t, std::uint32_t category) { slots_[category] = 0; });
  return status;
}

void AttributeShares::share_out_one(const Contribution& contribution) {
  double all = 0;
  const auto add = [&](std::uint32_t, std::uint32_t, std::uint32_t category) {
    if (slots_[category] > 0) all += weights_[category];
  };
  for_each_category(contribution.item, add);
  if (all == 0) return;
  for_each_category(contribution.item, [&](std::uint32_t, std::uint32_t, std::uint32_t category) {
    const std::uint32_t slot = slots_[category];
    if (slot > 0) amounts_[slot - 1] += double{contribution.amount} * weights_[category] / all;
  });
}

}  // namespace palate::internal
