// What the users touched, item after item.
#include "train/item_sequences.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace palate::internal {

namespace {

ItemSequences with_room_for(const Histories& histories) {
  ItemSequences sequences;
  sequences.offsets.reserve(histories.offsets.size());
  sequences.items.reserve(histories.events.size());
  sequences.weights.reserve(histories.events.size());
  sequences.times_ms.reserve(histories.events.size());
  sequences.types.reserve(histories.events.size());
  return sequences;
}

void append(const Event& event, float weight, ItemSequences& sequences) {
  sequences.items.push_back(static_cast<std::uint32_t>(to_row(event.item)));
  sequences.weights.push_back(weight);
  sequences.times_ms.push_back(event.time_ms);
  sequences.types.push_back(event.type);
}

}  // namespace

ItemSequences sequences_of(const Histories& histories) {
  ItemSequences sequences = with_room_for(histories);
  for (std::size_t user = 0; user < histories.user_count(); ++user) {
    const std::span<const Event> history = histories.of(user);
    std::unordered_map<std::uint32_t, std::pair<std::size_t, float>> seen;  // newest place, weight
    for (std::size_t k = 0; k < history.size(); ++k) {
      auto& [newest, weight] = seen[static_cast<std::uint32_t>(to_row(history[k].item))];
      newest = k;
      weight = std::max(weight, history[k].weight);
    }
    for (std::size_t k = 0; k < history.size(); ++k) {
      const auto& [newest, weight] = seen[static_cast<std::uint32_t>(to_row(history[k].item))];
      if (newest == k) append(history[k], weight, sequences);
    }
    sequences.offsets.push_back(sequences.items.size());
  }
  return sequences;
}

ItemSequences repeating_sequences_of(const Histories& histories) {
  ItemSequences sequences = with_room_for(histories);
  sequences.offsets = histories.offsets;
  for (const Event& event : histories.events) append(event, event.weight, sequences);
  return sequences;
}

}  // namespace palate::internal
