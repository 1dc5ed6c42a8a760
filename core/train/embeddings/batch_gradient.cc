// The derivatives by the rows that one batch touched, summed in an order that no thread can change.
#include "train/embeddings/batch_gradient.h"

namespace palate::internal {
namespace {

constexpr std::uint32_t kNowhere = UINT32_MAX;
constexpr std::size_t kItemChunk = 128;

}  // namespace

BatchGradient::BatchGradient(std::size_t items, std::size_t dimension)
    : dimension_(dimension), place_of_(items, kNowhere) {}

void BatchGradient::clear() {
  terms_.clear();
  for (const std::uint32_t item : items_) place_of_[item] = kNowhere;
  items_.clear();
}

/// Terms side by side that go to the same item, items and terms in order of appearance.
void BatchGradient::group() {
  offsets_.assign(1, 0);
  for (const Term& term : terms_) {
    std::uint32_t& place = place_of_[term.item];
    if (place == kNowhere) {
      place = static_cast<std::uint32_t>(items_.size());
      items_.push_back(term.item);
      offsets_.push_back(0);
    }
    ++offsets_[place + 1];
  }
  for (std::size_t k = 1; k < offsets_.size(); ++k) offsets_[k] += offsets_[k - 1];
  sources_.resize(terms_.size());
  weights_.resize(terms_.size());
  std::vector<std::size_t> next(offsets_.begin(), offsets_.end() - 1);
  for (const Term& term : terms_) {
    const std::size_t slot = next[place_of_[term.item]]++;
    sources_[slot] = term.source;
    weights_[slot] = term.weight;
  }
}

void BatchGradient::sum(std::span<const float> sources, const Kernels& kernels, ThreadPool& pool) {
  group();
  rows_.resize(items_.size() * dimension_);
  pool.for_each_chunk(items_.size(), kItemChunk, [&](const Chunk& chunk) {
    for (std::size_t k = chunk.begin; k < chunk.end; ++k) {
      const std::size_t first = offsets_[k];
      kernels.weighted_sum(sources.data(), dimension_, &sources_[first], &weights_[first],
                           offsets_[k + 1] - first, &rows_[k * dimension_]);
    }
  });
}

}  // namespace palate::internal
