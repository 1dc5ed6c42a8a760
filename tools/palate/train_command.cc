// palate train: a log in, a model file out.
#include <CLI/CLI.hpp>
#include <memory>

#include "command.h"
#include "flags.h"
#include "format.h"
#include "output.h"
#include "palate/model_writer.h"
#include "preparation.h"
#include "training.h"

namespace palate::tools {
namespace {

struct TrainFlags {
  std::filesystem::path interactions;
  std::filesystem::path output;
  TableFlags table;
  ItemFlags items;
  RecipeFlags recipe;
  std::uint64_t seed = 1;
  unsigned threads = 0;
};

void print_model(const std::filesystem::path& path, const TrainedModel& model, std::ostream& out) {
  const auto size = static_cast<double>(model.bytes.size());
  out << "model  " << path.string() << ", " << counted(model.bytes.size(), "byte") << ", "
      << fixed(size / static_cast<double>(model.items), 1) << " an item\n";
}

Status run(const TrainFlags& flags, Console& console) {
  StageTimes times;
  const Result<Recipe> recipe = flags.recipe.load();
  if (!recipe) return recipe.error();
  const Status writable = check_writable(flags.output);
  if (!writable) return writable;
  const Result<Prepared> prepared =
      prepare(flags.interactions, flags.table, flags.items, recipe->data, console, times);
  if (!prepared) return prepared.error();
  const Result<TrainedModel> model = train_model(
      prepared->log, prepared->items, {*recipe, flags.seed, flags.threads}, console, times);
  if (!model) return model.error();
  const Status saved = save_file(flags.output, model->bytes);
  if (!saved) return saved;
  times.end("save");
  print_model(flags.output, *model, console.out);
  console.out << "time  " << times.text() << '\n';
  return Done{};
}

}  // namespace

Command declare_train(CLI::App& parent) {
  auto flags = std::make_shared<TrainFlags>();
  CLI::App* app = parent.add_subcommand("train", "Train a model from an interaction log");
  app->add_option("--interactions", flags->interactions,
                  "The log: user, item, and where there are any value, timestamp, type; CSV, TSV, "
                  "::, JSON lines or Parquet, compressed or not")
      ->required();
  app->add_option("--output", flags->output, "The model file to write")->required();
  flags->items.declare(*app);
  flags->recipe.declare(*app);
  app->get_option("--recipe")->required();
  flags->table.declare(*app);
  app->add_option("--seed", flags->seed, "Seed of every random choice")->capture_default_str();
  declare_threads(*app, flags->threads);
  return {app, [flags](Console& console) { return run(*flags, console); }};
}

}  // namespace palate::tools
