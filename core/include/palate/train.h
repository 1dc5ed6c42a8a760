// The trainer: a dataset and a recipe go in, the contents of a model file come out.
#ifndef PALATE_TRAIN_H_
#define PALATE_TRAIN_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "palate/dataset.h"
#include "palate/examples.h"
#include "palate/model_writer.h"
#include "palate/progress.h"
#include "palate/recipe.h"
#include "palate/result.h"

namespace palate {

/// What the trainer decided, in a sentence, before the work that follows from it begins. Called
/// from the calling thread; may be empty.
using NoteCallback = std::function<void(std::string_view)>;

struct TrainOptions {
  std::uint64_t seed = 1;
  unsigned threads = 0;  ///< 0: all of the machine's
  ProgressCallback progress;
  NoteCallback note;

  /// Where the state of the training is kept between epochs; empty: nowhere. If the file is there,
  /// training goes on from it and comes to the same contents as if it had never stopped. It stays
  /// there at the end: whoever has saved the model removes it.
  std::filesystem::path checkpoint;
  double checkpoint_interval = 10;  ///< seconds between two writings at least

  /// An older model to start from: items that it holds too begin with the vectors they have there.
  /// Null: none. `kRequestInvalid` where the recipe or the model has no item vectors, or theirs
  /// differ in dimension.
  const Model* from = nullptr;
};

/// Trains. The same dataset, recipe, seed and instruction set give the same contents with any
/// number of threads. A checkpoint that is damaged is `kFileOpen`, one of another dataset, recipe,
/// seed, older model, instruction set or version of Palate `kRequestInvalid`, with what differs.
Result<ModelContents> train(const Dataset& dataset, const Recipe& recipe,
                            const TrainOptions& options);

/// What places items that nobody has touched in a trained model: a ridge regression of the items'
/// vectors (and biases of values) on their attributes. With x an item's categories (0 or 1) and its
/// numbers, brought to mean 0 and deviation 1 (0 where missing), and h all that the model has of
/// it,
///
///   B = argmin sum_i popularity_i |h_i - mean - B'(x_i - mean x)|^2 + lambda |B|^2,
///
/// the means weighted alike, lambda = 3 times the mean popularity: every interaction counts once.
/// `kRequestInvalid` where the model has no item vectors or no attributes.
Result<ContentMap> fit_content_map(const ModelContents& contents);

/// Trains a tabular model (the recipe click): a network and a linear head on the examples' columns,
/// the catalogue empty. Scales, vocabularies and both models are learned without the validation
/// rows, which tell when to stop. The same contents with any number of threads.
Result<ModelContents> train(const ExampleLog& examples, const Recipe& recipe,
                            const TrainOptions& options);

/// The instruction set that training runs on here: "x86-64", "x86-64-v3" (AVX2, FMA) or "x86-64-v4"
/// (AVX-512). PALATE_INSTRUCTION_SET in the environment asks for a lesser one; asking for one that
/// the machine lacks is `kRequestInvalid`, here and in `train`.
Result<std::string_view> instruction_set();

}  // namespace palate

#endif  // PALATE_TRAIN_H_
