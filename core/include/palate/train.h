// The trainer: a dataset and a recipe go in, the contents of a model file come out.
#ifndef PALATE_TRAIN_H_
#define PALATE_TRAIN_H_

#include <cstdint>
#include <functional>
#include <string_view>

#include "palate/dataset.h"
#include "palate/model_writer.h"
#include "palate/recipe.h"
#include "palate/result.h"

namespace palate {

/// Where a long computation stands.
struct Progress {
  std::string_view stage;  ///< "ials", "ranker", ...
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::string_view unit;     ///< "epoch", "row", ...
  std::string_view measure;  ///< what `value` is ("validation AUC"); empty: nothing to show
  double value = 0;
};
using ProgressCallback = std::function<void(const Progress&)>;

struct TrainOptions {
  std::uint64_t seed = 1;
  unsigned threads = 0;       ///< 0: all of the machine's
  ProgressCallback progress;  ///< called from the calling thread; may be empty
};

/// Trains. The same dataset, recipe, seed and instruction set give the same contents with any
/// number of threads.
Result<ModelContents> train(const Dataset& dataset, const Recipe& recipe,
                            const TrainOptions& options);

/// The instruction set that training runs on here: "x86-64", "x86-64-v3" (AVX2, FMA) or "x86-64-v4"
/// (AVX-512). PALATE_INSTRUCTION_SET in the environment asks for a lesser one; asking for one that
/// the machine lacks is `kRequestInvalid`, here and in `train`.
Result<std::string_view> instruction_set();

}  // namespace palate

#endif  // PALATE_TRAIN_H_
