// Compression: a model file in, a smaller one out.
#ifndef PALATE_COMPRESS_H_
#define PALATE_COMPRESS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "palate/model.h"
#include "palate/model_writer.h"
#include "palate/result.h"
#include "palate/types.h"

namespace palate {

/// What is to be another way than it is.
struct Compression {
  /// Of the item table, and of the tables of its shape; see `quantize`. The Gramian of a fold-in is
  /// taken anew from what the table then reads as, so user vectors are the exact ones of the items
  /// as they are ranked. An index, which is of the vectors as they were, is left out.
  std::optional<Precision> items = {};

  /// Of the ranker's layers between the first and the last: kFloat32 or kInt8.
  std::optional<Precision> ranker = {};

  /// With int8 layers: the `DenseLayerView::input_step` of each of them, by `measure_steps`.
  std::vector<float> steps = {};

  /// `RankerView::rounds_item_half`.
  std::optional<bool> rounds_item_half = {};

  /// The index of the item vectors, by `make_list_index`; without lists: none.
  std::optional<ListIndex> index = {};
};

/// No index is made for fewer items: looking at all of them takes no longer (models/README.md).
inline constexpr std::size_t kFewestIndexed = 10'000;

struct ListIndexOptions {
  std::uint32_t lists = 0;   ///< 65,536 at most; 0: twice the root of the number of items
  std::uint32_t probes = 0;  ///< all lists at most; 0: as few as reach `recall`
  double recall = 0.95;      ///< in (0, 1]; not read where probes are given
  std::uint64_t seed = 1;
  unsigned threads = 0;  ///< 0: all of the machine's; the index is the same
};

struct MadeListIndex {
  ListIndex index;
  double share = 0;  ///< of the items that a list looks at, on average
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

/// An index of the model's item vectors, for lists of 200 items or of as many as its ranker is
/// given. The recall of such lists against the exact ones, history left out, chooses the probes on
/// some of the histories and is stated for others, 500 of each at most. `kModelUnsupported` where
/// the model retrieves otherwise than by products of vectors; `kRequestInvalid` for fewer than
/// `kFewestIndexed` items, for options outside their range and where no two histories have known
/// items.
Result<MadeListIndex> make_list_index(const Model& model,
                                      const std::vector<std::vector<Event>>& histories,
                                      const ListIndexOptions& options);

}  // namespace palate

#endif  // PALATE_COMPRESS_H_
