// Checking and merging the events of a history.
#include "runtime/history.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "model/sentence.h"
#include "runtime/heap_sort.h"

namespace palate::internal {
namespace {

std::optional<Error> refusal(const Event& event, std::size_t position, std::size_t item_count,
                             std::size_t type_count) {
  const auto error = [position](const std::string& why) {
    return Error{ErrorCode::kRequestInvalid,
                 sentence({"event ", Digits(position), " of the history ", why})};
  };
  if (to_row(event.item) >= item_count) {
    return error(sentence({"has item ", Digits(to_row(event.item)), ", but the model has ",
                           Digits(item_count), " items; leave unknown items out"}));
  }
  if (!std::isfinite(event.weight) || event.weight == 0) {
    return error("has a weight that is zero or no finite number; leave out what says nothing");
  }
  if (std::isinf(event.value)) {
    return error("has an infinite value; give a finite one, or none");
  }
  if (event.type > type_count) {
    return error(sentence({"has type ", Digits(event.type), ", but the model has ",
                           Digits(type_count), " types of events; 0 stands for any other"}));
  }
  return std::nullopt;
}

}  // namespace

Result<MergedHistory> HistoryMerger::merge(std::span<const Event> history, std::size_t item_count,
                                           std::size_t type_count) {
  if (history.size() > std::numeric_limits<std::uint32_t>::max()) {
    return Error{ErrorCode::kRequestInvalid, "a history has at most 2^32 - 1 events"};
  }
  if (Status status = keys_.reserve(history.size()); !status) return status.error();
  if (Status status = items_.reserve(history.size()); !status) return status.error();
  if (Status status = visits_.reserve(history.size()); !status) return status.error();
  for (std::size_t position = 0; position < history.size(); ++position) {
    const Event& event = history[position];
    if (auto error = refusal(event, position, item_count, type_count)) return *std::move(error);
    keys_[position] = std::uint64_t{to_row(event.item)} << 32 | position;
  }
  const std::span<std::uint64_t> keys = keys_.first(history.size());
  heap_sort(keys, std::less<>());

  std::size_t count = 0;
  for (const std::uint64_t key : keys) {
    const auto position = static_cast<std::uint32_t>(key);
    const auto row = static_cast<std::uint32_t>(key >> 32);
    const Event& event = history[position];
    if (count > 0 && items_[count - 1].row == row) {
      HistoryItem& item = items_[count - 1];
      const bool is_turned = item.weight < 0 || event.weight < 0;
      item.weight = is_turned ? event.weight : std::max(item.weight, event.weight);
      if (!std::isnan(event.value)) item.value = event.value;
      item.time_ms = event.time_ms;
      item.type = event.type;
    } else {
      items_[count++] = {row, event.weight, event.value, 0, event.time_ms, event.type};
    }
    visits_[position] = {static_cast<std::uint32_t>(count - 1), event.type, event.time_ms};
    // Keys that were read make room for those of `set_places`; an item's last event has the word.
    keys[count - 1] = std::uint64_t{position} << 32 | (count - 1);
  }
  set_places(keys.first(count));
  return MergedHistory{items_.first(count), visits_.first(history.size())};
}

// `keys` has an item's newest position above its index in `items_`.
void HistoryMerger::set_places(std::span<std::uint64_t> keys) {
  heap_sort(keys, std::less<>());
  auto place = static_cast<std::uint32_t>(keys.size());
  for (const std::uint64_t key : keys) items_[static_cast<std::uint32_t>(key)].place = --place;
}

}  // namespace palate::internal
