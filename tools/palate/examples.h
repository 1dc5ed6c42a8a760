// Labelled examples on the command line: read, trained on, measured, with a word on each step.
#ifndef PALATE_TOOLS_EXAMPLES_H_
#define PALATE_TOOLS_EXAMPLES_H_

#include <cstddef>
#include <filesystem>
#include <vector>

#include "command.h"
#include "context_flags.h"
#include "flags.h"
#include "palate/evaluate_examples.h"
#include "palate/examples.h"
#include "palate/train.h"
#include "stage_times.h"

namespace palate::tools {

/// `read_examples`, with its report printed.
Result<ExampleLog> read_example_log(const std::filesystem::path& path,
                                    const ExampleOptions& options, Console& console);

/// The same for a model that is there: each of its columns is read as it was trained on, and those
/// that it does not know are left alone.
Result<ExampleLog> read_examples_for(const Model& model, const std::filesystem::path& path,
                                     const TableFlags& table, bool labelled, Console& console);

/// Trains and writes the model into memory; prints what came out, and the progress to the log.
Result<std::vector<std::byte>> train_on_examples(const ExampleLog& examples, const Recipe& recipe,
                                                 const TrainOptions& options, Console& console,
                                                 StageTimes& times);

/// Whether the flags fit a recipe: those of items have no meaning for examples, those of features
/// none for interactions without context.
Status check_recipe_flags(const Recipe& recipe, const ItemFlags& items,
                          const FeatureFlags& features, const ContextFlags& context);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_EXAMPLES_H_
