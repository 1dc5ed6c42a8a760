// The ranker: an MLP on [user vector, item vector, item features], run by XNNPACK.
#ifndef PALATE_RUNTIME_MLP_RANKER_H_
#define PALATE_RUNTIME_MLP_RANKER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/features.h"
#include "runtime/score_offset.h"

struct xnn_operator;

namespace palate::internal {

/// Scores items in blocks of rows; keeps its memory from one call to the next.
class MlpRanker {
 public:
  /// `model` has a ranker and must stay where it is. `kModelUnsupported` when XNNPACK cannot run
  /// here, `kMemory` when it gets none.
  static Result<MlpRanker> create(const Model& model);

  /// The logit of each item for a user vector, in the order given.
  Status score(std::span<const float> user_vector, std::span<const ItemIndex> items,
               std::span<float> scores);

  /// Numbers in an input row.
  std::size_t input_size() const { return ranker_->layers.front().inputs; }

  /// Writes one input row, [user vector, item vector, item features].
  void write_input(std::span<const float> user_vector, ItemIndex item, std::span<float> row) const;

  const RankerView& view() const { return *ranker_; }
  const ItemFeatures& features() const { return features_; }

 private:
  struct DeleteOperator {
    void operator()(xnn_operator* op) const;
  };
  using Operator = std::unique_ptr<xnn_operator, DeleteOperator>;

  MlpRanker(const Model& model, ItemFeatures features)
      : ranker_(model.ranker()),
        item_vectors_(model.item_vectors()),
        offset_(model),
        features_(std::move(features)) {}

  Status create_operators();
  Status reserve();
  Status run(std::size_t rows);

  const RankerView* ranker_;
  MatrixView item_vectors_;
  ScoreOffset offset_;
  ItemFeatures features_;
  std::vector<Operator> operators_;  // one a layer
  Buffer<float> input_;
  Buffer<float> even_;  // outputs of layers 0, 2, ...
  Buffer<float> odd_;   // outputs of layers 1, 3, ...
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_MLP_RANKER_H_
