// Blocks of products against a running threshold, the best so far in a heap with the worst on top.
#include "runtime/top_k.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

#include "runtime/dot.h"
#include "runtime/finite.h"

namespace palate::internal {
namespace {

constexpr std::size_t kBlock = 256;

/// The best picks so far. Rows come in ascending order, so an equal score never replaces one.
class Heap {
 public:
  explicit Heap(std::span<Pick> storage) : storage_(storage) {}

  bool admits(float score) const { return size_ < storage_.size() || score > threshold_; }

  void push(Pick pick) {
    if (size_ < storage_.size()) {
      storage_[size_++] = pick;
      std::push_heap(storage_.begin(), end(), ranks_before);
    } else {
      std::pop_heap(storage_.begin(), end(), ranks_before);
      storage_.back() = pick;
      std::push_heap(storage_.begin(), end(), ranks_before);
    }
    if (size_ == storage_.size()) threshold_ = storage_.front().score;
  }

  std::size_t finish() {
    std::sort_heap(storage_.begin(), end(), ranks_before);
    return size_;
  }

 private:
  std::span<Pick>::iterator end() { return storage_.begin() + static_cast<std::ptrdiff_t>(size_); }

  std::span<Pick> storage_;
  std::size_t size_ = 0;
  float threshold_ = -std::numeric_limits<float>::infinity();
};

}  // namespace

std::optional<std::size_t> top_k(const TopKQuery& query, std::span<Pick> picks) {
  assert(query.vector.size() == query.table.columns);
  assert(query.row_scale.empty() || query.row_scale.size() == query.table.rows);
  assert(std::is_sorted(query.excluded.begin(), query.excluded.end()));
  if (picks.empty()) return 0;
  Heap heap(picks);
  std::array<float, kBlock> scores;
  for (std::size_t first = 0; first < query.table.rows; first += kBlock) {
    const std::size_t count = std::min(kBlock, query.table.rows - first);
    const std::span<float> block = std::span(scores).first(count);
    dot_rows(query.table.row(first).data(), query.vector, block);
    if (!query.row_scale.empty()) {
      for (std::size_t r = 0; r < count; ++r) block[r] *= query.row_scale[first + r];
    }
    if (!query.offset.empty()) {
      for (std::size_t r = 0; r < count; ++r) block[r] += query.offset[first + r];
    }
    if (!all_finite(block)) return std::nullopt;
    for (std::size_t r = 0; r < count; ++r) {
      if (!heap.admits(block[r])) continue;
      // Few rows pass the threshold, so looking each up is cheaper than marking the excluded ones.
      const auto row = static_cast<std::uint32_t>(first + r);
      if (std::binary_search(query.excluded.begin(), query.excluded.end(), row)) continue;
      heap.push({ItemIndex{row}, block[r]});
    }
  }
  return heap.finish();
}

}  // namespace palate::internal
