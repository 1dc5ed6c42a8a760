// The items that a batch tells its targets from, and their vectors side by side.
#include "train/embeddings/negative_block.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "model/portable_math.h"

namespace palate::internal {
namespace {

constexpr std::uint32_t kNoColumn = UINT32_MAX;

}  // namespace

NegativeBlock::NegativeBlock(std::span<const std::uint32_t> popularity, std::size_t dimension,
                             const NegativeOptions& options)
    : options_(options),
      item_count_(popularity.size()),
      dimension_(dimension),
      sampler_(popularity, options.popularity_exponent),
      column_of_(item_count_, kNoColumn) {}

void NegativeBlock::draw(Random& random, std::span<const float> vectors) {
  for (const std::uint32_t item : items_) column_of_[item] = kNoColumn;
  const bool all = options_.count >= item_count_;
  items_.resize(all ? item_count_ : options_.count);
  if (all) {
    std::iota(items_.begin(), items_.end(), 0U);
  } else {
    sampler_.draw(random, items_);
  }
  bias_.resize(items_.size());
  vectors_.resize(items_.size() * dimension_);
  next_column_.resize(items_.size());
  // What is missing from the sum over all items when a sample stands for them.
  const auto log_missing =
      static_cast<float>(portable_log(static_cast<double>(item_count_) / items_.size()));
  for (std::size_t column = 0; column < items_.size(); ++column) {
    const std::uint32_t item = items_[column];
    bias_[column] =
        all ? 0 : options_.popularity_correction * (log_missing - sampler_.log_excess(item));
    std::copy_n(&vectors[item * dimension_], dimension_, &vectors_[column * dimension_]);
    next_column_[column] = std::exchange(column_of_[item], static_cast<std::uint32_t>(column));
  }
}

void NegativeBlock::strike(std::uint32_t item, std::span<float> scores) const {
  std::uint32_t column = column_of_[item];
  for (; column != kNoColumn; column = next_column_[column]) scores[column] = kNoNegative;
}

}  // namespace palate::internal
