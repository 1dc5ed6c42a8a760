// The ranker: what its network is given, block by block.
#include "runtime/mlp_ranker.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace palate::internal {

Result<MlpRanker> MlpRanker::create(std::span<const DenseLayerView> layers) {
  Result<MlpForward> mlp = MlpForward::create(layers);
  if (!mlp) return mlp.error();
  return MlpRanker(std::move(*mlp));
}

Status MlpRanker::score(const RankerInput& input, std::span<const ItemIndex> items,
                        std::span<float> scores) {
  assert(input.size() == mlp_.input_size() && items.size() == scores.size());
  for (std::size_t first = 0; first < items.size(); first += MlpForward::kBlockRows) {
    const std::size_t rows = std::min(MlpForward::kBlockRows, items.size() - first);
    for (std::size_t r = 0; r < rows; ++r) input.write(items[first + r], mlp_.input(r));
    const Result<std::span<const float>> logits = mlp_.run(rows);
    if (!logits) return logits.error();
    std::ranges::copy(*logits, scores.subspan(first).begin());
  }
  return Done{};
}

Result<float> MlpRanker::score(std::span<const float> row) {
  std::ranges::copy(row, mlp_.input(0).begin());
  const Result<std::span<const float>> logits = mlp_.run(1);
  if (!logits) return logits.error();
  return logits->front();
}

}  // namespace palate::internal
