// palate evaluate: how good a model file is, or how good a recipe would be on a log.
#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "command.h"
#include "evaluation_report.h"
#include "flags.h"
#include "model_file.h"
#include "output.h"
#include "palate/evaluate.h"
#include "preparation.h"
#include "train/nearest_name.h"
#include "training.h"

namespace palate::tools {
namespace {

struct EvaluateFlags {
  // A recipe on a log: the log is split, a model trained on its one part and tested on the other.
  std::filesystem::path interactions;
  ItemFlags items;
  RecipeFlags recipe;
  std::string protocol = "leave-last-out";
  // A model file that is there.
  std::filesystem::path model;
  std::filesystem::path histories;
  std::filesystem::path test;
  // Both.
  TableFlags table;
  std::filesystem::path json;
  EvaluateOptions options;
};

constexpr std::array<std::pair<const char*, Protocol>, 3> kProtocols{{
    {"leave-last-out", Protocol::kLeaveLastOut},
    {"user-split", Protocol::kUserSplit},
    {"time-split", Protocol::kTimeSplit},
}};

Result<Protocol> parse_protocol(const std::string& text) {
  std::vector<std::string_view> names;
  for (const auto& [name, protocol] : kProtocols) {
    if (text == name) return protocol;
    names.emplace_back(name);
  }
  return Error{ErrorCode::kRequestInvalid, "there is no protocol '" + text + "'; did you mean '" +
                                               std::string(internal::nearest_name(text, names)) +
                                               "'? Known: leave-last-out, user-split, time-split"};
}

Result<EvaluationReport> evaluate_file(const EvaluateFlags& flags, Console& console) {
  const Result<ModelFile> file = ModelFile::open(flags.model);
  if (!file) return file.error();
  const auto history = read_log(flags.histories, flags.table.options(), console);
  if (!history) return history.error();
  const auto test = read_log(flags.test, flags.table.options(), console);
  if (!test) return test.error();
  return evaluate(file->model, *history, *test, flags.options);
}

Result<EvaluationReport> evaluate_recipe(const EvaluateFlags& flags, Console& console) {
  StageTimes times;
  const Result<Protocol> protocol = parse_protocol(flags.protocol);
  if (!protocol) return protocol.error();
  const Result<Recipe> recipe = flags.recipe.load();
  if (!recipe) return recipe.error();
  const Result<Prepared> prepared =
      prepare(flags.interactions, flags.table, flags.items, recipe->data, console, times);
  if (!prepared) return prepared.error();
  const Result<Split> parts =
      split(prepared->log, {.protocol = *protocol, .seed = flags.options.seed});
  if (!parts) return parts.error();
  TrainingRequest request{*recipe, {}};
  request.options.seed = flags.options.seed;
  request.options.threads = flags.options.threads;
  const auto trained = train_model(parts->train, prepared->items, request, console, times);
  if (!trained) return trained.error();
  const Result<Model> model = Model::open(trained->bytes);
  if (!model) return model.error();
  auto report = evaluate(*model, parts->history, parts->test, flags.options);
  times.end("evaluate");
  console.out << "time  " << times.text() << '\n';
  return report;
}

Status run(const EvaluateFlags& flags, Console& console) {
  if (!flags.json.empty()) {
    const Status writable = check_writable(flags.json);
    if (!writable) return writable;
  }
  const Result<EvaluationReport> report =
      flags.model.empty() ? evaluate_recipe(flags, console) : evaluate_file(flags, console);
  if (!report) return report.error();
  print_evaluation(*report, console.out);
  if (flags.json.empty()) return Done{};
  return save_text(flags.json, evaluation_json(*report).dump(2) + "\n");
}

/// Exactly one of the two forms, whole.
void check_form(const EvaluateFlags& flags) {
  const bool log = !flags.interactions.empty() && !flags.recipe.recipe.empty();
  const bool file = !flags.model.empty() && !flags.histories.empty() && !flags.test.empty();
  if (log != file) return;
  throw CLI::ValidationError(
      "give either --interactions and --recipe, or --model, --histories and "
      "--test");
}

void declare_recipe_form(CLI::App& app, EvaluateFlags& flags) {
  auto* interactions = app.add_option("--interactions", flags.interactions,
                                      "The log to split, train on and test with");
  flags.items.declare(app);
  flags.recipe.declare(app);
  app.add_option("--protocol", flags.protocol, "leave-last-out, user-split or time-split")
      ->capture_default_str();
  interactions->excludes(app.get_option("--model"));
}

void declare_file_form(CLI::App& app, EvaluateFlags& flags) {
  app.add_option("--model", flags.model, "The model file to test as it is");
  app.add_option("--histories", flags.histories, "What its users did before: user, item rows");
  app.add_option("--test", flags.test, "What they did then: user, item rows");
}

}  // namespace

Command declare_evaluate(CLI::App& parent) {
  auto flags = std::make_shared<EvaluateFlags>();
  CLI::App* app = parent.add_subcommand(
      "evaluate", "Measure a model file, or a recipe on a log, through the shipped runtime");
  declare_file_form(*app, *flags);
  declare_recipe_form(*app, *flags);
  flags->table.declare(*app);
  declare_cut_offs(*app, flags->options.ks);
  app->add_flag("--include-seen", flags->options.include_seen,
                "Leave items of the history in the lists and in the test");
  app->add_option("--json", flags->json, "Write the numbers here too");
  app->add_option("--seed", flags->options.seed, "Seed of every random choice")
      ->capture_default_str();
  declare_threads(*app, flags->options.threads);
  app->callback([flags] { check_form(*flags); });
  return {app, [flags](Console& console) { return run(*flags, console); }};
}

}  // namespace palate::tools
