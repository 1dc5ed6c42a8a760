// From a cleaned log to the bytes of a model file.
#include "training.h"

#include <utility>

#include "format.h"
#include "palate/choose.h"
#include "palate/model_writer.h"
#include "palate/train.h"
#include "placing.h"
#include "progress.h"

namespace palate::tools {
namespace {

void print_dataset(const Dataset& dataset, const JoinReport& report, bool has_item_file,
                   bool places_new, std::ostream& out) {
  out << "training data  " << counted(dataset.users.size(), "user") << ", "
      << counted(dataset.catalogue.ids.size(), "item") << ", "
      << counted(dataset.histories.events.size(), "interaction") << '\n';
  if (!has_item_file) return;
  out << "  items of the file that nobody touched" << (places_new ? ": " : ", left out: ")
      << with_commas(report.without_interaction)
      << "; items of the log that the file does not know, kept without a title: "
      << with_commas(report.without_facts) << '\n';
}

}  // namespace

void print_training(const ModelContents& contents, std::ostream& out) {
  out << "recipe  " << contents.facts.recipe << ", seed " << contents.facts.seed << ", on "
      << contents.facts.instruction_set << '\n';
  Table table({Align::kLeft, Align::kRight});
  for (const Metric& metric : contents.facts.metrics) {
    table.add({"  " + metric.name, fixed(metric.value, 4)});
  }
  table.print(out);
}

Result<Recipe> settled_recipe(const InteractionLog& log, const Catalogue& items,
                              const TrainingRequest& request, Console& console, StageTimes& times) {
  if (request.recipe.kind != RecipeKind::kAuto) return request.recipe;
  Result<Choice> choice = [&] {
    ProgressLine line(console);
    ChooseOptions options{request.options.seed, request.options.threads, {}};
    options.progress = [&](const Progress& progress) { line.show(progress); };
    return choose_recipe(log, items, request.recipe, options);
  }();
  if (!choice) return choice.error();
  console.out << "auto chooses " << choice->recipe.name << '\n'
              << "  the log: " << choice->facts << '\n'
              << "  " << choice->reason << '\n';
  times.end("choose");
  return std::move(choice->recipe);
}

Result<TrainedModel> train_model(const InteractionLog& log, const Catalogue& items,
                                 const TrainingRequest& request, Console& console,
                                 StageTimes& times) {
  JoinReport joined;
  const Dataset dataset = make_dataset(log, items, joined);
  print_dataset(dataset, joined, !items.ids.empty(), request.new_items, console.out);
  times.end("index");
  Result<ModelContents> contents = [&] {
    ProgressLine line(console);
    TrainOptions options = request.options;
    options.progress = [&](const Progress& progress) { line.show(progress); };
    options.note = [&](std::string_view sentence) { console.log << sentence << std::endl; };
    return train(dataset, request.recipe, options);
  }();
  if (!contents) return contents.error();
  print_training(*contents, console.out);
  times.end("train");
  if (Status fitted = add_content_map(request, *contents); !fitted) return fitted.error();
  if (request.content_map || request.new_items) times.end("map");
  if (request.new_items) {
    Result<TrainedModel> model = write_with_new_items(items, request, *contents, console.out);
    times.end("write");
    return model;
  }
  Result<std::vector<std::byte>> bytes = write_model(*contents);
  if (!bytes) return bytes.error();
  times.end("write");
  return TrainedModel{std::move(*bytes), contents->catalogue.ids.size()};
}

}  // namespace palate::tools
