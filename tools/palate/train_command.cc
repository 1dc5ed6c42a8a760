// palate train: a log in, a model file out.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "command.h"
#include "context_flags.h"
#include "examples.h"
#include "flags.h"
#include "format.h"
#include "model_file.h"
#include "output.h"
#include "palate/model_writer.h"
#include "palate/recommender.h"
#include "preparation.h"
#include "training.h"

namespace palate::tools {
namespace {

struct TrainFlags {
  std::filesystem::path interactions;
  std::filesystem::path output;
  TableFlags table;
  ItemFlags items;
  FeatureFlags features;
  ContextFlags context;
  RecipeFlags recipe;
  TrainOptions options;
  std::filesystem::path from;
  bool new_items = false;
  bool content_map = false;
};

void print_model(const std::filesystem::path& path, const TrainedModel& model, std::ostream& out) {
  const auto size = static_cast<double>(model.bytes.size());
  out << "model  " << path.string() << ", " << counted(model.bytes.size(), "byte");
  if (model.items > 0) {
    out << ", " << fixed(size / static_cast<double>(model.items), 1) << " an item";
  }
  out << '\n';
}

Status check_outputs(const TrainFlags& flags) {
  if (Status writable = check_writable(flags.output); !writable) return writable;
  const std::filesystem::path& checkpoint = flags.options.checkpoint;
  return checkpoint.empty() ? Status(Done{}) : check_writable(checkpoint);
}

/// Throws a usage error where flags contradict each other.
void check_flags(const TrainFlags& flags) {
  if (flags.new_items && flags.items.path.empty()) {
    throw CLI::ValidationError("--new-items needs --items, the file that lists them");
  }
  if (flags.content_map && flags.items.path.empty()) {
    throw CLI::ValidationError("--content-map needs --items, the file of what is known of them");
  }
  if (flags.options.checkpoint.lexically_normal() == flags.output.lexically_normal()) {
    throw CLI::ValidationError(
        "--checkpoint and --output name one file; give the checkpoint a name of its own");
  }
}

/// What has served its purpose. A file that stays is no failure: the model is there.
void remove_checkpoint(const std::filesystem::path& path, Console& console) {
  std::error_code error;
  if (path.empty() || std::filesystem::remove(path, error) || !error) return;
  console.log << "the checkpoint " << path.string() << " stays: " << error.message() << '\n';
}

/// The model of `--from`, where there is one.
Result<std::optional<ModelFile>> open_older_model(const std::filesystem::path& path) {
  if (path.empty()) return std::optional<ModelFile>();
  Result<ModelFile> file = ModelFile::open(path);
  if (!file) return file.error();
  return std::optional(std::move(*file));
}

/// The bytes of the model that the recipe makes of the log.
Result<TrainedModel> train_log(const TrainFlags& flags, const Recipe& recipe,
                               const TrainOptions& options, Console& console, StageTimes& times) {
  if (recipe.kind == RecipeKind::kClick) {
    const auto examples =
        read_example_log(flags.interactions, flags.features.options(flags.table), console);
    if (!examples) return examples.error();
    times.end("read");
    auto bytes = train_on_examples(*examples, recipe, options, console, times);
    if (!bytes) return bytes.error();
    return TrainedModel{std::move(*bytes), 0};
  }
  const Result<Prepared> prepared =
      prepare(flags.interactions, flags.context.options(flags.table, flags.features), flags.items,
              recipe.data, console, times);
  if (!prepared) return prepared.error();
  const Result<Recipe> settled =
      settled_recipe(prepared->log, prepared->items, {recipe, options}, console, times);
  if (!settled) return settled.error();
  return train_model(prepared->log, prepared->items,
                     {*settled, options, flags.new_items, flags.content_map}, console, times);
}

/// What a page would find wrong with the model is told before it takes an older one's place.
Status check_that_it_runs(const TrainedModel& trained) {
  const Result<FileBytes> file = FileBytes::copy_of(trained.bytes);
  if (!file) return file.error();
  const Result<Model> model = Model::open(file->bytes());
  if (!model) return model.error();
  if (model->item_count() == 0) return Done{};
  const Result<Recommender> recommender = Recommender::create(*model);
  return recommender ? Status(Done{}) : recommender.error();
}

Status run(const TrainFlags& flags, Console& console) {
  StageTimes times;
  const Result<Recipe> recipe = flags.recipe.load();
  if (!recipe) return recipe.error();
  if (Status fits = check_recipe_flags(*recipe, flags.items, flags.features, flags.context);
      !fits) {
    return fits;
  }
  const bool reads_context = recipe->kind == RecipeKind::kHybrid;
  if (Status fits = flags.context.check(reads_context, flags.features); !fits) return fits;
  if (Status writable = check_outputs(flags); !writable) return writable;
  const Result<std::optional<ModelFile>> older = open_older_model(flags.from);
  if (!older) return older.error();
  TrainOptions options = flags.options;
  if (older->has_value()) options.from = &(*older)->model;
  std::error_code unreadable;  // which the training tells of
  if (std::filesystem::exists(flags.options.checkpoint, unreadable)) {
    console.out << "checkpoint  " << flags.options.checkpoint.string() << ", training goes on\n";
  }
  const Result<TrainedModel> model = train_log(flags, *recipe, options, console, times);
  if (!model) return model.error();
  if (Status runs = check_that_it_runs(*model); !runs) return runs;
  const Status saved = save_file(flags.output, model->bytes);
  if (!saved) return saved;
  remove_checkpoint(flags.options.checkpoint, console);
  times.end("save");
  print_model(flags.output, *model, console.out);
  console.out << "time  " << times.text() << '\n';
  console.out << "CPU time  " << times.cpu_text() << '\n';
  return Done{};
}

}  // namespace

Command declare_train(CLI::App& parent) {
  auto flags = std::make_shared<TrainFlags>();
  CLI::App* app = parent.add_subcommand("train", "Train a model from an interaction log");
  app->add_option("--interactions", flags->interactions,
                  "The log: user, item, and where there are any value, timestamp, type; CSV, "
                  "TSV, ::, JSON lines or Parquet, compressed or not")
      ->required();
  app->add_option("--output", flags->output, "The model file to write")->required();
  flags->items.declare(*app);
  flags->recipe.declare(*app);
  app->get_option("--recipe")->required();
  flags->table.declare(*app);
  flags->context.declare(*app);
  flags->features.declare(*app);
  TrainOptions& options = flags->options;
  app->add_option("--seed", options.seed, "Seed of every random choice")->capture_default_str();
  declare_threads(*app, options.threads);
  app->add_option("--from", flags->from,
                  "An older model file: items that it holds too start from their vectors there");
  app->add_flag("--new-items", flags->new_items,
                "Keep the items of --items that nobody has touched, placed by their categories and "
                "numbers");
  app->add_flag("--content-map", flags->content_map,
                "Write into the model what places further items by their categories and numbers, "
                "for addItems in the page");
  app->add_option("--checkpoint", options.checkpoint,
                  "Keep the state of the training here, and go on from it if it is there; removed "
                  "once the model is saved");
  app->add_option("--checkpoint-interval", options.checkpoint_interval,
                  "Seconds between two writings of the checkpoint, which wait for the end of an "
                  "epoch")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app->callback([flags] { check_flags(*flags); });
  return {app, [flags](Console& console) { return run(*flags, console); }};
}

}  // namespace palate::tools
