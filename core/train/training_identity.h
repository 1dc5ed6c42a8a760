// What makes a training the same training, for a checkpoint to recognise it.
#ifndef PALATE_TRAIN_TRAINING_IDENTITY_H_
#define PALATE_TRAIN_TRAINING_IDENTITY_H_

#include <string_view>

#include "palate/train.h"
#include "train/checkpoint.h"

namespace palate::internal {

/// Everything that decides the bytes of the model file: the number of threads does not.
TrainingIdentity identity_of(const Dataset& dataset, const Recipe& recipe,
                             const TrainOptions& options, std::string_view instruction_set);

TrainingIdentity identity_of(const ExampleLog& examples, const Recipe& recipe,
                             const TrainOptions& options, std::string_view instruction_set);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_TRAINING_IDENTITY_H_
