// Small models with everything a file can hold, the same on every machine.
#ifndef PALATE_TESTS_GOLDEN_MODELS_H_
#define PALATE_TESTS_GOLDEN_MODELS_H_

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "palate/model_writer.h"

namespace palate::golden {

/// Items of three kinds, `comedy`, `drama` and `space` in turn, whose vectors lean to an axis each:
/// who likes one item of a kind is recommended the others. Each number is a small fraction of a
/// power of two, so every sum of products that goes into a file is exact and the same in any order.
ModelContents popularity_model();     ///< 12 items
ModelContents fold_in_model();        ///< 48 items, 8 dimensions
ModelContents hybrid_model();         ///< 12 items, 4 dimensions, a ranker, features, a value head
ModelContents weighted_mean_model();  ///< 12 items, 4 dimensions, a table for the history
ModelContents item_weights_model();   ///< 12 items, rows that name items of their kind
ModelContents value_fold_in_model();  ///< 12 items, 4 dimensions, an implicit table, a ranker
ModelContents cosines_model();        ///< the same without the ranker, listing by cosine

ModelContents sequence_model();     ///< 12 items, 4 dimensions, one block of attention
ModelContents recurrence_model();   ///< 12 items, 4 dimensions, one block of recurrence
ModelContents byte_ranker_model();  ///< the hybrid with a layer in bytes, and items' halves rounded
ModelContents int8_model();         ///< the hybrid in 8 bits
ModelContents int4_model();         ///< the weighted mean in 4 bits
ModelContents indexed_model();      ///< the weighted mean with a list of items for each kind
ModelContents indexed_fold_in_model();  ///< the same with a fold-in
ModelContents retrievers_model();       ///< 12 items, 4 dimensions, a ranker on three retrievers

ModelContents recency_model();  ///< the hybrid with a feature that tells new items from old ones
ModelContents context_model();  ///< the hybrid with a number and a category of a visit

ModelContents content_map_model();  ///< the hybrid, which places new items

ModelContents tabular_model();  ///< no items; a number with missing cells, another, a category

struct Golden {
  std::string_view file;  ///< in tests/golden
  ModelContents contents;
};
std::array<Golden, 19> all();

/// What makes one golden model of another. How zlib packs it is its own business, so a file is read
/// and not compared.
struct GoldenDelta {
  std::string_view file;  ///< in tests/golden
  ModelContents base;
  ModelContents result;
};
std::array<GoldenDelta, 2> deltas();

/// The bytes that stand in tests/golden.
Result<std::vector<std::byte>> write(const ModelContents& contents);

}  // namespace palate::golden

#endif  // PALATE_TESTS_GOLDEN_MODELS_H_
