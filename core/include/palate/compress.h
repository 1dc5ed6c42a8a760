// Compression: a model file in, a smaller one out.
#ifndef PALATE_COMPRESS_H_
#define PALATE_COMPRESS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"

namespace palate {

/// What is to be another way than it is.
struct Compression {
  /// Of the item table, and of the tables of its shape; see `quantize`. The Gramian of a fold-in is
  /// taken anew from what the table then reads as, so user vectors are the exact ones of the items
  /// as they are ranked.
  std::optional<Precision> items = {};

  /// Of the ranker's layers between the first and the last: kFloat32 or kInt8.
  std::optional<Precision> ranker = {};

  /// With int8 layers: the `DenseLayerView::input_step` of each of them, by `measure_steps`.
  std::vector<float> steps = {};

  /// `RankerView::rounds_item_half`.
  std::optional<bool> rounds_item_half = {};
};

/// The bytes of the same model, compressed. `kModelUnsupported` where the model lacks what is to be
/// rounded, `kModelMeaning` where the file would be too large.
Result<std::vector<std::byte>> compress(const Model& model, const Compression& compression);

/// For each of the ranker's layers between the first and the last the step that rounds its inputs
/// with the smallest squared error: the inputs that it is given for the candidates of some of
/// these histories. `kModelUnsupported` without such a layer, `kRequestInvalid` where no history
/// has a candidate.
Result<std::vector<float>> measure_steps(const Model& model,
                                         const std::vector<std::vector<Event>>& histories);

}  // namespace palate

#endif  // PALATE_COMPRESS_H_
