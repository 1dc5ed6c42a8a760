// Counters of caps and quotas.
#include "runtime/list_limits.h"

#include <algorithm>

#include "palate/words.h"
#include "runtime/refused.h"

namespace palate::internal {
namespace {

constexpr const char* kNoCategories =
    "a cap or quota is on an attribute that has no categories"_words;

bool has(const AttributeView& attribute, ItemIndex item, std::uint32_t category) {
  const std::span<const std::uint32_t> entries = attribute.entries_of(item);
  return std::find(entries.begin(), entries.end(), category) != entries.end();
}

}  // namespace

Status ListLimits::check() const {
  const std::span<const AttributeView> attributes = model_->attributes();
  const auto is_fit = [&](std::uint32_t attribute) {
    return attribute < attributes.size() && attributes[attribute].kind == AttributeKind::kCategory;
  };
  for (const Cap& cap : caps_) {
    if (!is_fit(cap.attribute)) return refused(kNoCategories);
  }
  for (const Quota& quota : quotas_) {
    if (!is_fit(quota.attribute)) return refused(kNoCategories);
    if (quota.category != kNoCategory &&
        quota.category >= attributes[quota.attribute].categories.size()) {
      return refused("a quota is on a category that the model lacks"_words);
    }
  }
  return Done{};
}

Status ListLimits::start(const Reranking& reranking, std::size_t length) {
  caps_ = reranking.caps;
  quotas_ = reranking.quotas;
  places_ = length;
  if (Status status = check(); !status) return status;
  std::size_t categories = 0;
  for (const Cap& cap : caps_) categories += model_->attributes()[cap.attribute].categories.size();
  if (Status status = counts_.reserve(categories); !status) return status;
  if (Status status = missing_.reserve(quotas_.size()); !status) return status;
  std::fill_n(counts_.data(), categories, 0U);
  for (std::size_t i = 0; i < quotas_.size(); ++i) missing_[i] = quotas_[i].count;
  count_needed();
  return Done{};
}

bool ListLimits::within_caps(ItemIndex item) const {
  const std::uint32_t* counts = counts_.data();
  for (const Cap& cap : caps_) {
    const AttributeView& attribute = model_->attributes()[cap.attribute];
    for (const std::uint32_t category : attribute.entries_of(item)) {
      if (counts[category] >= cap.count) return false;
    }
    counts += attribute.categories.size();
  }
  return true;
}

bool ListLimits::is_needed(ItemIndex item) const {
  for (std::size_t i = 0; i < quotas_.size(); ++i) {
    const Quota& quota = quotas_[i];
    if (missing_[i] > 0 && has(model_->attributes()[quota.attribute], item, quota.category)) {
      return true;
    }
  }
  return false;
}

void ListLimits::give_up_quotas() {
  quotas_ = {};
  needed_ = 0;
}

void ListLimits::add(ItemIndex item) {
  std::uint32_t* counts = counts_.data();
  for (const Cap& cap : caps_) {
    const AttributeView& attribute = model_->attributes()[cap.attribute];
    for (const std::uint32_t category : attribute.entries_of(item)) ++counts[category];
    counts += attribute.categories.size();
  }
  for (std::size_t i = 0; i < quotas_.size(); ++i) {
    const Quota& quota = quotas_[i];
    if (missing_[i] > 0 && has(model_->attributes()[quota.attribute], item, quota.category)) {
      --missing_[i];
    }
  }
  --places_;
  count_needed();
}

void ListLimits::count_needed() {
  needed_ = 0;
  for (std::size_t i = 0; i < quotas_.size(); ++i) needed_ += missing_[i];
}

}  // namespace palate::internal
