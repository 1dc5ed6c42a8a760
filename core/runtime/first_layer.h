// The ranker's first layer: what the visitor alone decides of it is computed once a request, what
// the item alone decides once and kept, where there is room for that.
#ifndef PALATE_RUNTIME_FIRST_LAYER_H_
#define PALATE_RUNTIME_FIRST_LAYER_H_

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/kept_rows.h"
#include "runtime/packed_layer.h"
#include "runtime/ranker_input.h"

namespace palate::internal {

/// Scores are the same whether an item's half was kept or is computed anew. Borrows the model.
class FirstLayer {
 public:
  static Result<FirstLayer> create(const Model& model);

  std::size_t outputs() const { return layer_.outputs; }

  /// Takes in the visitor that `input` knows, or one of whom nothing is known, in the context that
  /// it knows.
  void set_visitor(const RankerInput& input, VisitorKind visitor);

  /// Writes a row of outputs for each of `items`, at most MlpForward::kBlockRows.
  void run(const RankerInput& input, std::span<const ItemIndex> items, float* outputs);

 private:
  FirstLayer(const Model& model, PackedLayer packed)
      : layer_(model.ranker()->layers.front()),
        rectifies_(model.ranker()->layers.size() > 1),
        packed_(std::move(packed)) {}

  Status reserve(const Model& model);
  Status reserve_kept(const RankerView& ranker);
  void add_to_base(std::size_t first, std::span<const float> inputs);
  void keep(const RankerInput& input, std::span<const ItemIndex> items, float* outputs);
  void finish(const RankerInput& input, ItemIndex item, float* outputs);

  DenseLayerView layer_;
  bool rectifies_;
  PackedLayer packed_;  // all columns but the user vector's
  KeptRows kept_;
  VisitorKind visitor_ = VisitorKind::kKnown;
  std::vector<std::size_t> visitor_features_;
  Buffer<float> visitor_weights_;  // a row of outputs for each of them
  Buffer<float> base_;             // the visitor's half
  Buffer<float> rows_;             // a block of inputs of packed_
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_FIRST_LAYER_H_
