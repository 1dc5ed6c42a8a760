// palate evaluate: how good a model file is, or how good a recipe would be on a log.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <utility>

#include "command.h"
#include "evaluate_flags.h"
#include "evaluation_json.h"
#include "evaluation_report.h"
#include "example_report.h"
#include "examples.h"
#include "model_file.h"
#include "output.h"
#include "palate/evaluate.h"
#include "preparation.h"
#include "progress.h"
#include "training.h"

namespace palate::tools {
namespace {

/// Who is tested on what.
struct TestLogs {
  const InteractionLog& history;
  const InteractionLog& test;
};

/// A model by the name that the report gives it.
struct NamedModel {
  std::string name;
  const Model& model;
};

Result<Evaluation> measure(const NamedModel& tested, const TestLogs& logs,
                           const EvaluateFlags& flags, Console& console) {
  ProgressLine line(console);
  EvaluateOptions options = flags.options;
  options.progress = [&](const Progress& progress) { line.show(progress); };
  auto report = evaluate(tested.model, logs.history, logs.test, options);
  if (!report) return report.error();
  return Evaluation{tested.name, std::move(*report), std::nullopt, options.resamples};
}

Result<Evaluation> measure_both(const NamedModel& tested, const NamedModel& other,
                                const TestLogs& logs, const EvaluateFlags& flags,
                                Console& console) {
  ProgressLine line(console);
  EvaluateOptions options = flags.options;
  options.progress = [&](const Progress& progress) { line.show(progress); };
  auto report = compare(tested.model, other.model, logs.history, logs.test, options);
  if (!report) return report.error();
  return Evaluation{tested.name, std::move(report->model),
                    Against{other.name, std::move(report->other), std::move(report->differences)},
                    options.resamples};
}

Result<Evaluation> evaluate_file(const EvaluateFlags& flags, const Model& model, Console& console) {
  std::optional<ModelFile> other;
  if (!flags.against.empty()) {
    Result<ModelFile> opened = ModelFile::open(flags.against);
    if (!opened) return opened.error();
    other.emplace(std::move(*opened));
  }
  const auto history = read_log(flags.histories, flags.table.options(), console);
  if (!history) return history.error();
  ReadOptions reading = flags.table.options();
  add_context_of(model, reading.context);
  if (other) add_context_of(other->model, reading.context);
  const auto test = read_log(flags.test, reading, console);
  if (!test) return test.error();
  const NamedModel tested{flags.model.string(), model};
  const TestLogs logs{*history, *test};
  if (!other) return measure(tested, logs, flags, console);
  return measure_both(tested, {flags.against.string(), other->model}, logs, flags, console);
}

std::string recipe_name(const RecipeFlags& flags) {
  std::string name = flags.recipe;
  for (const std::string& change : flags.overrides) {
    name += (&change == &flags.overrides.front() ? " with " : ", ") + change;
  }
  return name;
}

/// A trained model, and the bytes that it is mapped onto.
struct MemoryModel {
  TrainedModel trained;
  Model model;
};

Result<MemoryModel> train_on(const InteractionLog& log, const Catalogue& items,
                             const Recipe& recipe, const EvaluateFlags& flags, Console& console,
                             StageTimes& times) {
  TrainingRequest request{recipe, {}};
  request.options.seed = flags.options.seed;
  request.options.threads = flags.options.threads;
  Result<Recipe> settled = settled_recipe(log, items, request, console, times);
  if (!settled) return settled.error();
  request.recipe = std::move(*settled);
  Result<TrainedModel> trained = train_model(log, items, request, console, times);
  if (!trained) return trained.error();
  Result<Model> model = Model::open(trained->bytes);
  if (!model) return model.error();
  return MemoryModel{std::move(*trained), std::move(*model)};
}

Result<Evaluation> evaluate_split(const Prepared& prepared, const Split& parts,
                                  const Recipe& recipe, const std::optional<Recipe>& other_recipe,
                                  const EvaluateFlags& flags, Console& console, StageTimes& times) {
  const auto tested = train_on(parts.train, prepared.items, recipe, flags, console, times);
  if (!tested) return tested.error();
  const NamedModel named{recipe_name(flags.recipe), tested->model};
  const TestLogs logs{parts.history, parts.test};
  if (!other_recipe) return measure(named, logs, flags, console);
  const auto other = train_on(parts.train, prepared.items, *other_recipe, flags, console, times);
  if (!other) return other.error();
  return measure_both(named, {recipe_name(flags.against_recipe), other->model}, logs, flags,
                      console);
}

Result<Evaluation> evaluate_recipe(const EvaluateFlags& flags, const Recipe& recipe,
                                   Console& console) {
  StageTimes times;
  std::optional<Recipe> other_recipe;
  if (!flags.against_recipe.recipe.empty()) {
    Result<Recipe> loaded = flags.against_recipe.load();
    if (!loaded) return loaded.error();
    other_recipe = std::move(*loaded);
  }
  const auto reads_context = [](const Recipe& one) { return one.kind == RecipeKind::kHybrid; };
  Status fits = flags.context.check(
      reads_context(recipe) || (other_recipe && reads_context(*other_recipe)), flags.features);
  if (!fits) return fits.error();
  const Result<Prepared> prepared =
      prepare(flags.interactions, flags.context.options(flags.table, flags.features), flags.items,
              recipe.data, console, times);
  if (!prepared) return prepared.error();
  SplitOptions options = flags.split;
  options.seed = flags.options.seed;
  const Result<Split> parts = split(prepared->log, options);
  if (!parts) return parts.error();
  auto evaluation = evaluate_split(*prepared, *parts, recipe, other_recipe, flags, console, times);
  times.end("evaluate");
  console.out << "time  " << times.text() << '\n';
  return evaluation;
}

Result<ExampleEvaluation> measure_examples(const NamedModel& tested, const ExampleLog& test,
                                           const EvaluateFlags& flags, Console& console) {
  if (!flags.against.empty() || !flags.against_recipe.recipe.empty()) {
    return Error{
        ErrorCode::kRequestInvalid,
        "--against compares models that rank; a model of the recipe click is compared with "
        "its own linear head"};
  }
  ProgressLine line(console);
  ExampleEvaluateOptions options;
  options.threads = flags.options.threads;
  options.resamples = flags.options.resamples;
  options.seed = flags.options.seed;
  options.progress = [&](const Progress& progress) { line.show(progress); };
  auto report = evaluate(tested.model, test, options);
  if (!report) return report.error();
  return ExampleEvaluation{tested.name, std::move(*report), options.resamples};
}

/// The recipe click on a log: rows apart, a model of the one part, measured on the other.
Result<ExampleEvaluation> evaluate_click(const EvaluateFlags& flags, const Recipe& recipe,
                                         Console& console) {
  if (Status fits = flags.context.check(false, flags.features); !fits) return fits.error();
  StageTimes times;
  const auto log =
      read_example_log(flags.interactions, flags.features.options(flags.table), console);
  if (!log) return log.error();
  times.end("read");
  const Result<ExampleSplit> parts = split(*log, flags.example_split());
  if (!parts) return parts.error();
  TrainOptions options;
  options.seed = flags.options.seed;
  options.threads = flags.options.threads;
  const auto bytes =
      train_on_examples(rows_of(*log, parts->train), recipe, options, console, times);
  if (!bytes) return bytes.error();
  const Result<FileBytes> file = FileBytes::copy_of(*bytes);
  if (!file) return file.error();
  const Result<Model> model = Model::open(file->bytes());
  if (!model) return model.error();
  auto evaluation = measure_examples({recipe_name(flags.recipe), *model},
                                     rows_of(*log, parts->test), flags, console);
  times.end("evaluate");
  console.out << "time  " << times.text() << '\n';
  return evaluation;
}

Result<ExampleEvaluation> evaluate_click_file(const EvaluateFlags& flags, const Model& model,
                                              Console& console) {
  const auto test = read_examples_for(model, flags.test, flags.table, true, console);
  if (!test) return test.error();
  return measure_examples({flags.model.string(), model}, *test, flags, console);
}

/// Prints what was found and writes it where `--json` says.
template <class Found>
Status tell(const Result<Found>& evaluation, const EvaluateFlags& flags, Console& console) {
  if (!evaluation) return evaluation.error();
  if constexpr (std::is_same_v<Found, Evaluation>) {
    print_evaluation(*evaluation, flags.details, console.out);
  } else {
    print_evaluation(*evaluation, console.out);
  }
  if (flags.json.empty()) return Done{};
  return save_text(flags.json, evaluation_json(*evaluation).dump(2) + "\n");
}

Status run_on_file(const EvaluateFlags& flags, Console& console) {
  const Result<ModelFile> file = ModelFile::open(flags.model);
  if (!file) return file.error();
  const bool ranks = file->model.item_count() > 0;
  if (ranks != !flags.histories.empty()) {
    return Error{ErrorCode::kRequestInvalid,
                 ranks ? "give --histories, what the tested users did before"
                       : "the model scores rows of features: give --test alone, without "
                         "--histories"};
  }
  if (Status fits = flags.check_list_flags(ranks); !fits) return fits;
  return ranks ? tell(evaluate_file(flags, file->model, console), flags, console)
               : tell(evaluate_click_file(flags, file->model, console), flags, console);
}

Status run_on_log(const EvaluateFlags& flags, Console& console) {
  const Result<Recipe> recipe = flags.recipe.load();
  if (!recipe) return recipe.error();
  const bool makes_lists = recipe->kind != RecipeKind::kClick;
  if (Status fits = flags.check_list_flags(makes_lists); !fits) return fits;
  if (Status fits = flags.check_protocol(*recipe); !fits) return fits;
  if (Status fits = check_recipe_flags(*recipe, flags.items, flags.features, flags.context);
      !fits) {
    return fits;
  }
  return makes_lists ? tell(evaluate_recipe(flags, *recipe, console), flags, console)
                     : tell(evaluate_click(flags, *recipe, console), flags, console);
}

Status run(const EvaluateFlags& flags, Console& console) {
  if (!flags.json.empty()) {
    const Status writable = check_writable(flags.json);
    if (!writable) return writable;
  }
  return flags.model.empty() ? run_on_log(flags, console) : run_on_file(flags, console);
}

}  // namespace

Command declare_evaluate(CLI::App& parent) {
  auto flags = std::make_shared<EvaluateFlags>();
  CLI::App* app = parent.add_subcommand(
      "evaluate", "Measure a model file, or a recipe on a log, through the shipped runtime");
  flags->declare(*app);
  app->callback([flags, app] { flags->check(*app); });
  return {app, [flags](Console& console) { return run(*flags, console); }};
}

}  // namespace palate::tools
