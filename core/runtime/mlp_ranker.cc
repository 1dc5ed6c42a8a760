// The ranker, block by block.
#include "runtime/mlp_ranker.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace palate::internal {

Result<MlpRanker> MlpRanker::create(const Model& model) {
  Result<FirstLayer> first = FirstLayer::create(model);
  if (!first) return first.error();
  MlpRanker ranker(std::move(*first));
  const std::span<const DenseLayerView> layers = model.ranker()->layers;
  if (layers.size() == 1) return ranker;
  Result<MlpForward> further = MlpForward::create(layers.subspan(1));
  if (!further) return further.error();
  ranker.further_ = std::move(*further);
  return ranker;
}

Status MlpRanker::score(const RankerInput& input, std::span<const ItemIndex> items,
                        std::span<float> scores, VisitorKind visitor) {
  assert(items.size() == scores.size());
  MlpForward* const further = lent_ != nullptr ? lent_ : further_ ? &*further_ : nullptr;
  first_.set_visitor(input, visitor);
  for (std::size_t first = 0; first < items.size(); first += MlpForward::kBlockRows) {
    const std::size_t rows = std::min(MlpForward::kBlockRows, items.size() - first);
    const std::span<const ItemIndex> block = items.subspan(first, rows);
    if (further == nullptr) {
      first_.run(input, block, &scores[first]);
      continue;
    }
    first_.run(input, block, further->input(0).data());
    const Result<std::span<const float>> logits = further->run(rows);
    if (!logits) return logits.error();
    std::ranges::copy(*logits, scores.subspan(first).begin());
  }
  return Done{};
}

}  // namespace palate::internal
