// What a log is like, as far as a recipe depends on it.
#include "choose/log_facts.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace palate::internal {
namespace {

/// How many of `size` numbers a column holds.
std::size_t count_of(const std::vector<std::uint32_t>& column, std::size_t size) {
  std::vector<char> is_there(size, 0);
  for (const std::uint32_t number : column) is_there[number] = 1;
  return static_cast<std::size_t>(std::ranges::count(is_there, 1));
}

Order order_of(const InteractionLog& log, const AutoRecipe& told) {
  if (!log.time_ms.empty()) return Order::kTimes;
  return told.ordered_rows ? Order::kRows : Order::kNone;
}

Held held_of(Order order, const AutoRecipe& told) {
  if (order == Order::kNone) return Held::kAny;
  return order == Order::kTimes && told.hold_out == HoldOut::kNewest ? Held::kNewest : Held::kLast;
}

std::string_view text_of(Order order) {
  switch (order) {
    case Order::kTimes:
      return "with times";
    case Order::kRows:
      return "without times, whose rows are in order (auto.ordered_rows)";
    case Order::kNone:
      return "without times, so in no order (if the rows are: --set auto.ordered_rows=true)";
  }
  return {};
}

}  // namespace

LogFacts facts_of(const InteractionLog& log, const Catalogue& items, const AutoRecipe& told) {
  LogFacts facts;
  facts.users = count_of(log.user, log.users.size());
  facts.items = count_of(log.item, log.items.size());
  facts.interactions = log.size();
  facts.order = order_of(log, told);
  facts.held = held_of(facts.order, told);
  facts.has_values = !log.value.empty();
  facts.has_categories = std::ranges::any_of(items.attributes, [](const Attribute& attribute) {
    return attribute.kind == AttributeKind::kCategory;
  });
  return facts;
}

std::string LogFacts::text() const {
  return std::to_string(users) + " users, " + std::to_string(items) + " items, " +
         std::to_string(interactions) + " interactions " + std::string(text_of(order)) + "; " +
         (has_values ? "values" : "no values") + ", " +
         (has_categories ? "categories" : "no categories") + " of items";
}

}  // namespace palate::internal
