// Places in the order of time, and their mean for each item.
#include "train/ranker/item_recency.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace palate::internal {
namespace {

std::vector<std::int64_t> times_of(std::span<const Event> events) {
  std::vector<std::int64_t> times(events.size());
  std::transform(events.begin(), events.end(), times.begin(),
                 [](const Event& event) { return event.time_ms; });
  std::sort(times.begin(), times.end());
  return times;
}

/// The share of the times before this one; those that are the same count half.
double place_of(std::int64_t time, std::span<const std::int64_t> times) {
  const auto [first, last] = std::equal_range(times.begin(), times.end(), time);
  const auto twice = (first - times.begin()) + (last - times.begin());
  return static_cast<double>(twice) / (2 * static_cast<double>(times.size()));
}

}  // namespace

std::vector<std::uint8_t> item_recency(const Dataset& dataset) {
  if (!dataset.has_times) return {};
  const std::vector<std::int64_t> times = times_of(dataset.histories.events);
  std::vector<double> sums(dataset.catalogue.ids.size(), 0.0);
  std::vector<std::size_t> counts(sums.size(), 0);
  for (const Event& event : dataset.histories.events) {
    sums[to_row(event.item)] += place_of(event.time_ms, times);
    ++counts[to_row(event.item)];
  }
  std::vector<std::uint8_t> recency(sums.size(), kMostRecent);
  for (std::size_t item = 0; item < sums.size(); ++item) {
    if (counts[item] == 0) continue;
    const double mean = sums[item] / static_cast<double>(counts[item]);
    recency[item] = static_cast<std::uint8_t>(std::lround(kMostRecent * mean));
  }
  return recency;
}

}  // namespace palate::internal
