// The algorithms of the trainer: what each is given, and the one function that runs it.
#ifndef PALATE_TRAIN_ALGORITHMS_H_
#define PALATE_TRAIN_ALGORITHMS_H_

#include <string>
#include <string_view>

#include "data/parallel.h"
#include "factor/facts.h"
#include "factor/kernels/factor_kernels.h"
#include "palate/train.h"
#include "train/checkpoint.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// One training: its inputs and its means. All of it is borrowed.
struct TrainContext {
  const Dataset& dataset;
  const Recipe& recipe;
  const TrainOptions& options;
  const FactorKernels& factor_kernels;
  const Kernels& kernels;
  ThreadPool& pool;
  Checkpoint& checkpoint;
  std::string_view step = {};  ///< of a training that runs an algorithm more than once

  /// What a stage is called in reports and in the checkpoint.
  std::string stage(std::string_view name) const {
    return step.empty() ? std::string(name) : std::string(step) + " " + std::string(name);
  }
  void report(const Progress& progress) const {
    if (options.progress) options.progress(progress);
  }
  void note(std::string_view sentence) const {
    if (options.note) options.note(sentence);
  }
};

// Each fills the encoder of `contents`, what goes with it, and its metrics; the catalogue is there.
Status train_transitions(const TrainContext& context, ModelContents& contents);
Status train_item_item(const TrainContext& context, ModelContents& contents);
Status train_ials(const TrainContext& context, ModelContents& contents);
Status train_hybrid(const TrainContext& context, ModelContents& contents);
Status train_two_tower(const TrainContext& context, ModelContents& contents);
Status train_sequence(const TrainContext& context, ModelContents& contents);
Status train_rating(const TrainContext& context, ModelContents& contents);

/// The one of the recipe's kind.
Status train_encoder(const TrainContext& context, ModelContents& contents);

/// The kind of recipe that trains a hybrid's encoder.
RecipeKind encoder_kind(HybridEncoder encoder);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_ALGORITHMS_H_
