// Labelled examples on the command line: read, trained on, with a word on each step.
#include "examples.h"

#include <algorithm>
#include <string>

#include "palate/model_writer.h"
#include "preparation.h"
#include "progress.h"
#include "training.h"

namespace palate::tools {
Result<ExampleLog> read_example_log(const std::filesystem::path& path,
                                    const ExampleOptions& options, Console& console) {
  ReadReport report;
  Result<ExampleLog> examples = read_examples(path, options, report);
  if (!examples) return examples;
  print_reading(path, "examples", report, console.out);
  print_columns(examples->columns, "feature", console.out);
  return examples;
}

Result<ExampleLog> read_examples_for(const Model& model, const std::filesystem::path& path,
                                     const TableFlags& table, bool labelled, Console& console) {
  // First what there is, then with the kinds that the model knows: a flag must name what is there.
  ExampleOptions options;
  options.table = table.options();
  options.labelled = labelled;
  if (labelled && !options.table.columns.contains("label")) {
    options.table.columns["label"] = std::string(model.tabular()->label);
  }
  for (const TabularColumnView& column : model.tabular()->columns) {
    options.categorical.emplace_back(column.name);
  }
  const Result<std::vector<std::string>> names = column_names(path, options);
  if (!names) return names.error();
  options.categorical.clear();
  std::string absent;
  for (const TabularColumnView& column : model.tabular()->columns) {
    const std::string name(column.name);
    if (std::ranges::find(*names, name) == names->end()) {
      absent += (absent.empty() ? "" : ", ") + name;
    } else if (column.kind == AttributeKind::kNumber) {
      options.numeric.push_back(name);
    } else {
      options.categorical.push_back(name);
    }
  }
  if (!absent.empty()) {
    console.log << path.string() << ": missing in every row: " << absent << std::endl;
  }
  const auto knows = [&](const std::string& name) {
    return std::ranges::any_of(model.tabular()->columns,
                               [&](const TabularColumnView& one) { return one.name == name; });
  };
  for (const std::string& name : *names) {
    if (!knows(name)) options.ignored.push_back(name);
  }
  return read_example_log(path, options, console);
}

Result<std::vector<std::byte>> train_on_examples(const ExampleLog& examples, const Recipe& recipe,
                                                 const TrainOptions& options, Console& console,
                                                 StageTimes& times) {
  Result<ModelContents> contents = [&] {
    ProgressLine line(console);
    TrainOptions with_progress = options;
    with_progress.progress = [&](const Progress& progress) { line.show(progress); };
    with_progress.note = [&](std::string_view sentence) { console.log << sentence << std::endl; };
    return train(examples, recipe, with_progress);
  }();
  if (!contents) return contents.error();
  print_training(*contents, console.out);
  times.end("train");
  Result<std::vector<std::byte>> bytes = write_model(*contents);
  times.end("write");
  return bytes;
}

Status check_recipe_flags(const Recipe& recipe, const ItemFlags& items,
                          const FeatureFlags& features, const ContextFlags& context) {
  const bool is_click = recipe.kind == RecipeKind::kClick;
  if (is_click && !(items.path.empty() && items.columns.empty())) {
    return Error{ErrorCode::kRequestInvalid,
                 "--items does not go with the recipe click: its features are the columns of the "
                 "log; join what is known of an item to its rows"};
  }
  if (is_click || features.empty() || !context.columns.empty()) return Done{};
  return Error{ErrorCode::kRequestInvalid,
               "--numeric, --categorical and --ignore go with the recipe click, or with --context"};
}

}  // namespace palate::tools
