// How often each item is shown.
#include "evaluate/exposure.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "evaluate/list_metrics.h"

namespace palate::internal {

Exposure::Exposure(std::size_t items, std::vector<std::uint32_t> ks)
    : ks_(std::move(ks)), counts_(ks_.size(), std::vector<std::uint64_t>(items, 0)) {}

void Exposure::note(std::span<const ItemIndex> list) {
  for (std::size_t at = 0; at < ks_.size(); ++at) {
    for (const ItemIndex item : list.first(std::min<std::size_t>(ks_[at], list.size()))) {
      ++counts_[at][to_row(item)];
    }
  }
}

void Exposure::merge(const Exposure& other) {
  for (std::size_t at = 0; at < ks_.size(); ++at) {
    std::transform(counts_[at].begin(), counts_[at].end(), other.counts_[at].begin(),
                   counts_[at].begin(), std::plus());
  }
}

double Exposure::coverage(std::size_t at) const {
  const std::vector<std::uint64_t>& counts = counts_[at];
  const auto shown =
      std::count_if(counts.begin(), counts.end(), [](std::uint64_t count) { return count > 0; });
  return static_cast<double>(shown) / static_cast<double>(counts.size());
}

double Exposure::gini(std::size_t at) const { return gini_index(counts_[at]); }

}  // namespace palate::internal
