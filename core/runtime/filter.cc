// Lists and conditions, checked, then bit by bit.
#include "runtime/filter.h"

#include <algorithm>
#include <cstddef>

#include "model/sentence.h"
#include "runtime/refused.h"

namespace palate::internal {
namespace {

Status check_condition(const Model& model, const Condition& condition) {
  const std::span<const AttributeView> attributes = model.attributes();
  if (condition.attribute >= attributes.size()) {
    return refused("a condition is on an attribute that the model lacks");
  }
  const AttributeView& attribute = attributes[condition.attribute];
  if (attribute.kind == AttributeKind::kNumber) {
    if (condition.minimum <= condition.maximum) return Done{};
    return refused("a condition has a minimum that is not at most its maximum");
  }
  if (condition.category == kNoCategory || condition.category < attribute.categories.size()) {
    return Done{};
  }
  return refused("a condition is on a category that the model lacks");
}

}  // namespace

Status check_items(const Model& model, std::span<const ItemIndex> items) {
  for (const ItemIndex item : items) {
    if (to_row(item) < model.item_count()) continue;
    return Error{ErrorCode::kRequestInvalid,
                 sentence({"item ", Digits(to_row(item)), " is not one of the model's ",
                           Digits(model.item_count())})};
  }
  return Done{};
}

bool meets(const Model& model, const Condition& condition, ItemIndex item) {
  const AttributeView& attribute = model.attributes()[condition.attribute];
  if (attribute.kind == AttributeKind::kNumber) {
    const float number = attribute.numbers[to_row(item)];  // NaN meets neither
    return number >= condition.minimum && number <= condition.maximum;
  }
  const std::span<const std::uint32_t> entries = attribute.entries_of(item);
  return std::find(entries.begin(), entries.end(), condition.category) != entries.end();
}

Status FilterMask::check(const Filter& filter) const {
  Status status = check_items(*model_, filter.exclude);
  if (status && filter.only) status = check_items(*model_, *filter.only);
  for (const Condition& condition : filter.where) {
    if (status) status = check_condition(*model_, condition);
  }
  return status;
}

Result<RowMask> FilterMask::make(const Filter& filter, std::span<const HistoryItem> history) {
  if (Status status = check(filter); !status) return status.error();
  const std::size_t rows = model_->item_count();
  if (Status status = bits_.reset(rows, filter.only.has_value()); !status) return status.error();
  if (filter.only) {
    for (const ItemIndex item : *filter.only) bits_.let_in(to_row(item));
  }
  for (const ItemIndex item : filter.exclude) bits_.leave_out(to_row(item));
  for (const HistoryItem& item : history) bits_.leave_out(item.row);
  if (filter.where.empty()) return bits_.mask();
  const RowMask mask = bits_.mask();
  for (std::size_t row = 0; row < rows; ++row) {
    if (!mask[row] && !meets_all(filter.where, to_item(row))) bits_.leave_out(row);
  }
  return mask;
}

// Each attribute that conditions name must meet one of them.
bool FilterMask::meets_all(std::span<const Condition> conditions, ItemIndex item) const {
  for (const Condition& condition : conditions) {
    const bool has_met =
        std::any_of(conditions.begin(), conditions.end(), [&](const Condition& alternative) {
          return alternative.attribute == condition.attribute && meets(*model_, alternative, item);
        });
    if (!has_met) return false;
  }
  return true;
}

}  // namespace palate::internal
