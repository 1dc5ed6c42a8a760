// A cleaned log and an items table -> a catalogue in order of popularity, and histories over it.
#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "log/attribute_cells.h"
#include "log/rows_by_user.h"
#include "log/text_index.h"
#include "palate/interactions.h"
#include "palate/model.h"

namespace palate {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// One attribute for new rows; `source[row]` is the old row, or kNone.
Attribute picked(const Attribute& old, std::span<const std::uint32_t> source) {
  Attribute result;
  result.name = old.name;
  result.kind = old.kind;
  if (old.kind == AttributeKind::kNumber) {
    for (const std::uint32_t row : source) {
      result.numbers.push_back(row == kNone ? kNoValue : old.numbers[row]);
    }
    return result;
  }
  std::vector<std::uint32_t> numbers(old.categories.size(), kNone);
  result.offsets.push_back(0);
  for (const std::uint32_t row : source) {
    for (std::uint32_t i = row == kNone ? 0 : old.offsets[row];
         row != kNone && i < old.offsets[row + 1]; ++i) {
      std::uint32_t& number = numbers[old.entries[i]];
      if (number == kNone) {
        number = static_cast<std::uint32_t>(result.categories.size());
        result.categories.push_back(old.categories[old.entries[i]]);
      }
      result.entries.push_back(number);
    }
    result.offsets.push_back(static_cast<std::uint32_t>(result.entries.size()));
  }
  return result;
}

/// What `items` knows of each new row.
void add_facts(const Catalogue& items, Catalogue& catalogue, JoinReport& report) {
  internal::TextIndex known;
  for (const std::string& id : items.ids) known.number_of(id);
  std::vector<std::uint32_t> source;
  for (const std::string& id : catalogue.ids) source.push_back(known.find(id).value_or(kNone));
  report.without_facts = static_cast<std::uint64_t>(std::ranges::count(source, kNone));
  report.without_interaction = items.ids.size() - (source.size() - report.without_facts);
  if (!items.titles.empty()) {
    for (const std::uint32_t row : source) {
      catalogue.titles.push_back(row == kNone ? std::string() : items.titles[row]);
    }
  }
  for (const Attribute& attribute : items.attributes) {
    catalogue.attributes.push_back(picked(attribute, source));
  }
}

/// Old item number -> row of the catalogue, kNone for an item without a row in the log.
std::vector<std::uint32_t> order_by_popularity(const InteractionLog& log, Catalogue& catalogue) {
  std::vector<std::uint32_t> counts(log.items.size(), 0);
  for (const std::uint32_t item : log.item) ++counts[item];
  std::vector<std::uint32_t> order(log.items.size());
  std::iota(order.begin(), order.end(), 0U);
  std::erase_if(order, [&](std::uint32_t item) { return counts[item] == 0; });
  std::ranges::sort(order, [&](std::uint32_t left, std::uint32_t right) {
    return counts[left] != counts[right] ? counts[left] > counts[right]
                                         : log.items[left] < log.items[right];
  });
  std::vector<std::uint32_t> rows(log.items.size(), kNone);
  for (const std::uint32_t item : order) {
    rows[item] = static_cast<std::uint32_t>(catalogue.ids.size());
    catalogue.ids.push_back(log.items[item]);
    catalogue.popularity.push_back(counts[item]);
  }
  return rows;
}

/// Histories of the users who have a row; `rows` maps item numbers, kNone for unknown ones, which
/// are counted; `types` maps types. Tells `on_event` the row of each event, in their order.
template <class OnEvent>
IndexedHistories gather(const InteractionLog& log, std::span<const std::uint32_t> rows,
                        std::span<const std::uint32_t> types, OnEvent on_event) {
  const internal::RowsByUser by_user = internal::oldest_first(log);
  IndexedHistories result;
  result.histories.events.reserve(log.size());
  for (std::size_t user = 0; user < by_user.user_count(); ++user) {
    const std::span<const std::uint32_t> of_user = by_user.of(user);
    if (of_user.empty()) continue;
    std::uint32_t unknown = 0;
    for (const std::uint32_t row : of_user) {
      const std::uint32_t item = rows[log.item[row]];
      if (item == kNone) {
        ++unknown;
        continue;
      }
      result.histories.events.push_back({.item = ItemIndex{item},
                                         .value = log.value.empty() ? kNoValue : log.value[row],
                                         .type = log.type.empty() ? 0 : types[log.type[row]],
                                         .time_ms = log.time_ms.empty() ? 0 : log.time_ms[row]});
      on_event(row);
    }
    result.users.push_back(log.users[user]);
    result.unknown.push_back(unknown);
    result.histories.offsets.push_back(result.histories.events.size());
  }
  return result;
}

/// What a log's types are among those of `names`: the same kind of number, 0 where unknown.
template <class Names>
std::vector<std::uint32_t> types_among(const InteractionLog& log, const Names& names) {
  std::vector<std::uint32_t> numbers(log.types.size() + 1, 0);
  for (std::size_t row = 0; row < names.size(); ++row) {
    const auto found = std::ranges::find(log.types, names[row]);
    if (found == log.types.end()) continue;
    numbers[static_cast<std::size_t>(found - log.types.begin()) + 1] =
        static_cast<std::uint32_t>(row + 1);
  }
  return numbers;
}

}  // namespace

Dataset make_dataset(const InteractionLog& log, const Catalogue& items, JoinReport& report) {
  report = {};
  Dataset dataset;
  const std::vector<std::uint32_t> rows = order_by_popularity(log, dataset.catalogue);
  if (!items.ids.empty()) add_facts(items, dataset.catalogue, report);
  dataset.event_types = log.types;
  for (const Attribute& column : log.context) {
    dataset.context.push_back(internal::without_cells(column));
  }
  IndexedHistories indexed = gather(log, rows, types_among(log, log.types), [&](std::uint32_t row) {
    for (std::size_t column = 0; column < log.context.size(); ++column) {
      internal::append_cell(log.context[column], row, dataset.context[column]);
    }
  });
  dataset.users = std::move(indexed.users);
  dataset.histories = std::move(indexed.histories);
  dataset.has_values = !log.value.empty();
  dataset.has_times = !log.time_ms.empty();
  return dataset;
}

IndexedHistories index_histories(const InteractionLog& log, const Model& model) {
  std::vector<std::uint32_t> rows;
  rows.reserve(log.items.size());
  for (const std::string& id : log.items) {
    const std::optional<ItemIndex> item = model.find(id);
    rows.push_back(item ? static_cast<std::uint32_t>(to_row(*item)) : kNone);
  }
  return gather(log, rows, types_among(log, model.event_types()), [](std::uint32_t) {});
}

}  // namespace palate
