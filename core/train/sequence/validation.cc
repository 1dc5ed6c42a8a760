// How well users are served that sequence does not learn from.
#include "train/sequence/validation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "train/place_in_list.h"

namespace palate::internal {
namespace {

constexpr std::size_t kListLength = 10;
constexpr std::size_t kTargets = 10;
constexpr std::size_t kUserChunk = 4;

struct Sum {
  double ndcg = 0;
  std::size_t targets = 0;
};

/// Of one user, whose newest events go through the network at once.
class UserMeasure {
 public:
  UserMeasure(const SequenceModel& model, const ItemSequences& sequences, bool exclude_seen,
              const Kernels& kernels)
      : model_(model), sequences_(sequences), exclude_seen_(exclude_seen), kernels_(kernels) {}

  Sum measure(std::uint32_t user) {
    const std::size_t first = sequences_.offsets[user];
    const std::size_t last = sequences_.offsets[user + 1];
    if (last - first < 2) return {};
    const SequenceRecipe& recipe = model_.network.recipe();
    const std::size_t d = recipe.dimension;
    const std::size_t items = model_.items.vectors().size() / d;
    const std::size_t size = std::min<std::size_t>(last - 1 - first, recipe.window);
    const Window window{last - 1 - size, last - 1};
    pass_.lay_out(model_.network, std::span(&size, 1));
    model_.write_input(sequences_, window, pass_.input().data());
    pass_.forward(model_.network.parameters(), kernels_, nullptr);
    const std::size_t targets = std::min(size, kTargets);
    scores_.resize(targets * items);
    kernels_.multiply({&pass_.output()[(size - targets) * d], false},
                      {model_.items.vectors().data(), true}, targets, items, d, false,
                      scores_.data());
    Sum sum;
    for (std::size_t k = 0; k < targets; ++k) {
      const std::span<float> scores = std::span(scores_).subspan(k * items, items);
      const std::size_t target = last - targets + k;
      for (std::size_t e = first; exclude_seen_ && e < target; ++e) {
        scores[sequences_.items[e]] = -std::numeric_limits<float>::infinity();
      }
      const std::size_t place = place_in_list(sequences_.items[target], scores);
      if (place < kListLength) sum.ndcg += 1 / std::log2(static_cast<double>(place) + 2);
      ++sum.targets;
    }
    return sum;
  }

 private:
  const SequenceModel& model_;
  const ItemSequences& sequences_;
  bool exclude_seen_;
  const Kernels& kernels_;
  SequencePass pass_;
  std::vector<float> scores_;
};

}  // namespace

double next_item_ndcg(const SequenceModel& model, const ItemSequences& sequences, bool exclude_seen,
                      std::span<const std::uint32_t> users, const Kernels& kernels,
                      ThreadPool& pool) {
  std::vector<Sum> sums(ThreadPool::chunk_count(users.size(), kUserChunk));
  pool.for_each_chunk(users.size(), kUserChunk, [&](const Chunk& chunk) {
    UserMeasure measure(model, sequences, exclude_seen, kernels);
    for (std::size_t k = chunk.begin; k < chunk.end; ++k) {
      const Sum own = measure.measure(users[k]);
      sums[chunk.index].ndcg += own.ndcg;
      sums[chunk.index].targets += own.targets;
    }
  });
  Sum all;
  for (const Sum& sum : sums) {
    all.ndcg += sum.ndcg;
    all.targets += sum.targets;
  }
  return all.ndcg / static_cast<double>(std::max<std::size_t>(all.targets, 1));
}

}  // namespace palate::internal
