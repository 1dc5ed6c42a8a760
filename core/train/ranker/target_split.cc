// What the ranker learns to find, held out of what retrieval is trained on.
#include "train/ranker/target_split.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <unordered_set>
#include <vector>

#include "palate/random.h"

namespace palate::internal {
namespace {

/// A user's items, each once, the newest first.
std::vector<ItemIndex> items_of(std::span<const Event> history) {
  std::vector<ItemIndex> items;
  std::unordered_set<std::size_t> seen;
  for (std::size_t k = history.size(); k-- > 0;) {
    if (seen.insert(to_row(history[k].item)).second) items.push_back(history[k].item);
  }
  return items;
}

/// Of the items `targets`, ascending, the newest event each; those of `history` begin at `first`.
void append_newest(std::span<const Event> history, std::size_t first,
                   std::span<const std::uint32_t> targets, std::vector<std::uint32_t>& events) {
  const std::size_t begin = events.size();
  events.resize(begin + targets.size());
  for (std::size_t k = 0; k < history.size(); ++k) {
    const auto row = static_cast<std::uint32_t>(to_row(history[k].item));
    const auto target = std::lower_bound(targets.begin(), targets.end(), row);
    if (target == targets.end() || *target != row) continue;
    events[begin + static_cast<std::size_t>(target - targets.begin())] =
        static_cast<std::uint32_t>(first + k);
  }
}

}  // namespace

TargetSplit hold_out_targets(const Dataset& dataset, double share, std::uint32_t limit,
                             TargetChoice choice, std::uint64_t seed) {
  TargetSplit split;
  split.known.catalogue = dataset.catalogue;
  split.known.users = dataset.users;
  split.known.event_types = dataset.event_types;
  split.known.has_values = dataset.has_values;
  split.known.has_times = dataset.has_times;
  Histories& known = split.known.histories;
  for (std::size_t user = 0; user < dataset.histories.user_count(); ++user) {
    const std::span<const Event> history = dataset.histories.of(user);
    std::vector<ItemIndex> items = items_of(history);
    const auto wanted =
        static_cast<std::size_t>(std::lround(static_cast<double>(items.size()) * share));
    const std::size_t most =
        std::min<std::size_t>(std::max<std::size_t>(items.size(), 1) - 1, limit);
    const std::size_t held = std::min(std::max<std::size_t>(wanted, 1), most);
    if (choice == TargetChoice::kRandom) Random(seed, user).shuffle(std::span(items));
    items.resize(held);
    std::sort(items.begin(), items.end());
    std::vector<Event> targets;
    for (const Event& event : history) {
      const bool is_target = std::binary_search(items.begin(), items.end(), event.item);
      (is_target ? targets : known.events).push_back(event);
    }
    known.offsets.push_back(known.events.size());
    const std::size_t first_target = split.targets.columns.size();
    split.targets.append(targets);
    append_newest(history, dataset.histories.offsets[user],
                  std::span(split.targets.columns).subspan(first_target), split.target_events);
  }
  return split;
}

}  // namespace palate::internal
