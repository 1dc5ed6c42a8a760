// What a log is like, as far as a recipe depends on it.
#include "choose/log_facts.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <string_view>
#include <vector>

#include "data/rows_by_user.h"

namespace palate::internal {
namespace {

/// Fewer rows are sorted by chance.
constexpr std::size_t kFewRows = 4;
constexpr double kNearlyAll = 0.95;

/// Numbers by their size, other ids by their text.
bool comes_before(std::string_view left, std::string_view right) {
  std::uint64_t numbers[2] = {};
  const auto is_number = [](std::string_view text, std::uint64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
  };
  if (is_number(left, numbers[0]) && is_number(right, numbers[1])) return numbers[0] < numbers[1];
  return left < right;
}

/// Whether the rows of nearly all users are in the order of their items' ids.
bool is_sorted_by_item(const InteractionLog& log) {
  const RowsByUser by_user = in_file_order(log);
  std::size_t asked = 0;
  std::size_t sorted = 0;
  for (std::size_t user = 0; user < by_user.user_count(); ++user) {
    const std::span<const std::uint32_t> rows = by_user.of(user);
    if (rows.size() < kFewRows) continue;
    ++asked;
    const bool is_sorted =
        std::is_sorted(rows.begin(), rows.end(), [&](std::uint32_t left, std::uint32_t right) {
          return comes_before(log.items[log.item[left]], log.items[log.item[right]]);
        });
    sorted += is_sorted ? 1 : 0;
  }
  return asked > 0 && static_cast<double>(sorted) >= kNearlyAll * static_cast<double>(asked);
}

/// How many of `size` numbers a column holds.
std::size_t count_of(const std::vector<std::uint32_t>& column, std::size_t size) {
  std::vector<char> is_there(size, 0);
  for (const std::uint32_t number : column) is_there[number] = 1;
  return static_cast<std::size_t>(std::ranges::count(is_there, 1));
}

Order order_of(const InteractionLog& log) {
  if (!log.time_ms.empty()) return Order::kTimes;
  return is_sorted_by_item(log) ? Order::kNone : Order::kRows;
}

std::string_view text_of(Order order) {
  switch (order) {
    case Order::kTimes:
      return "with times";
    case Order::kRows:
      return "without times, so taken to be in order";
    case Order::kNone:
      return "without times and sorted by item, so in no order";
  }
  return {};
}

}  // namespace

LogFacts facts_of(const InteractionLog& log, const Catalogue& items) {
  LogFacts facts;
  facts.users = count_of(log.user, log.users.size());
  facts.items = count_of(log.item, log.items.size());
  facts.interactions = log.size();
  facts.order = order_of(log);
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
