// The ranker: what its network is given, block by block.
#include "runtime/mlp_ranker.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "runtime/dot.h"

namespace palate::internal {

Result<MlpRanker> MlpRanker::create(const Model& model) {
  assert(model.ranker() != nullptr);
  Result<ItemFeatures> features = ItemFeatures::create(model, model.ranker()->features);
  if (!features) return features.error();
  Result<MlpForward> mlp = MlpForward::create(model.ranker()->layers);
  if (!mlp) return mlp.error();
  return MlpRanker(model, std::move(*features), std::move(*mlp));
}

void MlpRanker::write_input(std::span<const float> user_vector, ItemIndex item,
                            std::span<float> row) const {
  assert(row.size() == input_size());
  const std::span<float> item_vector = row.subspan(user_vector.size(), user_vector.size());
  std::copy(user_vector.begin(), user_vector.end(), row.begin());
  item_vectors_.read(to_row(item), item_vector);
  const float retrieval_score = dot(item_vector.data(), user_vector) + offset_[to_row(item)];
  features_.write(item, retrieval_score, row.last(features_.size()));
}

Status MlpRanker::score(std::span<const float> user_vector, std::span<const ItemIndex> items,
                        std::span<float> scores) {
  assert(user_vector.size() == item_vectors_.columns && items.size() == scores.size());
  for (std::size_t first = 0; first < items.size(); first += MlpForward::kBlockRows) {
    const std::size_t rows = std::min(MlpForward::kBlockRows, items.size() - first);
    for (std::size_t r = 0; r < rows; ++r) {
      write_input(user_vector, items[first + r], mlp_.input(r));
    }
    const Result<std::span<const float>> logits = mlp_.run(rows);
    if (!logits) return logits.error();
    std::ranges::copy(*logits, scores.subspan(first).begin());
  }
  return Done{};
}

}  // namespace palate::internal
