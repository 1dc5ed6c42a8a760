// What the users touched, item after item.
#include "train/item_sequences.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace palate::internal {

ItemSequences sequences_of(const Histories& histories) {
  ItemSequences sequences;
  sequences.offsets.reserve(histories.offsets.size());
  sequences.items.reserve(histories.events.size());
  sequences.weights.reserve(histories.events.size());
  sequences.times_ms.reserve(histories.events.size());
  for (std::size_t user = 0; user < histories.user_count(); ++user) {
    const std::span<const Event> history = histories.of(user);
    std::unordered_map<std::uint32_t, std::pair<std::size_t, float>> seen;  // newest place, weight
    for (std::size_t k = 0; k < history.size(); ++k) {
      auto& [newest, weight] = seen[static_cast<std::uint32_t>(to_row(history[k].item))];
      newest = k;
      weight = std::max(weight, history[k].weight);
    }
    for (std::size_t k = 0; k < history.size(); ++k) {
      const auto item = static_cast<std::uint32_t>(to_row(history[k].item));
      const auto& [newest, weight] = seen[item];
      if (newest != k) continue;
      sequences.items.push_back(item);
      sequences.weights.push_back(weight);
      sequences.times_ms.push_back(history[k].time_ms);
    }
    sequences.offsets.push_back(sequences.items.size());
  }
  return sequences;
}

}  // namespace palate::internal
