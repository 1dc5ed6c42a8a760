// From a cleaned log to the bytes of a model file.
#ifndef PALATE_TOOLS_TRAINING_H_
#define PALATE_TOOLS_TRAINING_H_

#include <cstddef>
#include <ostream>
#include <vector>

#include "command.h"
#include "palate/dataset.h"
#include "palate/model_writer.h"
#include "palate/recipe.h"
#include "palate/train.h"
#include "stage_times.h"

namespace palate::tools {

struct TrainingRequest {
  Recipe recipe;
  TrainOptions options;      ///< but for its progress, which goes to the console
  bool new_items = false;    ///< place items of the file that nobody has touched
  bool content_map = false;  ///< write what places further ones into the model
};

struct TrainedModel {
  std::vector<std::byte> bytes;  ///< of the model file
  std::size_t items = 0;
};

/// The recipe itself, or where it is `auto` the one that it chooses for the log, with the reasons
/// printed.
Result<Recipe> settled_recipe(const InteractionLog& log, const Catalogue& items,
                              const TrainingRequest& request, Console& console, StageTimes& times);

/// Prints what a training came to.
void print_training(const ModelContents& contents, std::ostream& out);

/// Indexes the log, trains and writes the model into memory; prints what came out, and the progress
/// to the log.
Result<TrainedModel> train_model(const InteractionLog& log, const Catalogue& items,
                                 const TrainingRequest& request, Console& console,
                                 StageTimes& times);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_TRAINING_H_
