// palate evaluate: how good a model file is, or how good a recipe would be on a log.
#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "command.h"
#include "evaluation_json.h"
#include "evaluation_report.h"
#include "flags.h"
#include "model_file.h"
#include "output.h"
#include "palate/evaluate.h"
#include "preparation.h"
#include "progress.h"
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
  SplitOptions split;
  RecipeFlags against_recipe;
  // A model file that is there.
  std::filesystem::path model;
  std::filesystem::path histories;
  std::filesystem::path test;
  std::filesystem::path against;
  // Both.
  TableFlags table;
  std::filesystem::path json;
  bool details = false;
  EvaluateOptions options;
};

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

Result<Evaluation> evaluate_file(const EvaluateFlags& flags, Console& console) {
  const Result<ModelFile> file = ModelFile::open(flags.model);
  if (!file) return file.error();
  std::optional<ModelFile> other;
  if (!flags.against.empty()) {
    Result<ModelFile> opened = ModelFile::open(flags.against);
    if (!opened) return opened.error();
    other.emplace(std::move(*opened));
  }
  const auto history = read_log(flags.histories, flags.table.options(), console);
  if (!history) return history.error();
  const auto test = read_log(flags.test, flags.table.options(), console);
  if (!test) return test.error();
  const NamedModel tested{flags.model.string(), file->model};
  const TestLogs logs{*history, *test};
  if (!other) return measure(tested, logs, flags, console);
  return measure_both(tested, {flags.against.string(), other->model}, logs, flags, console);
}

std::string name_of(const RecipeFlags& flags) {
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
  const NamedModel named{name_of(flags.recipe), tested->model};
  const TestLogs logs{parts.history, parts.test};
  if (!other_recipe) return measure(named, logs, flags, console);
  const auto other = train_on(parts.train, prepared.items, *other_recipe, flags, console, times);
  if (!other) return other.error();
  return measure_both(named, {name_of(flags.against_recipe), other->model}, logs, flags, console);
}

Result<Evaluation> evaluate_recipe(const EvaluateFlags& flags, Console& console) {
  StageTimes times;
  const Result<Protocol> protocol = parse_protocol(flags.protocol);
  if (!protocol) return protocol.error();
  const Result<Recipe> recipe = flags.recipe.load();
  if (!recipe) return recipe.error();
  std::optional<Recipe> other_recipe;
  if (!flags.against_recipe.recipe.empty()) {
    Result<Recipe> loaded = flags.against_recipe.load();
    if (!loaded) return loaded.error();
    other_recipe = std::move(*loaded);
  }
  const Result<Prepared> prepared =
      prepare(flags.interactions, flags.table, flags.items, recipe->data, console, times);
  if (!prepared) return prepared.error();
  SplitOptions options = flags.split;
  options.protocol = *protocol;
  options.seed = flags.options.seed;
  const Result<Split> parts = split(prepared->log, options);
  if (!parts) return parts.error();
  auto evaluation = evaluate_split(*prepared, *parts, *recipe, other_recipe, flags, console, times);
  times.end("evaluate");
  console.out << "time  " << times.text() << '\n';
  return evaluation;
}

Status run(const EvaluateFlags& flags, Console& console) {
  if (!flags.json.empty()) {
    const Status writable = check_writable(flags.json);
    if (!writable) return writable;
  }
  const Result<Evaluation> evaluation =
      flags.model.empty() ? evaluate_recipe(flags, console) : evaluate_file(flags, console);
  if (!evaluation) return evaluation.error();
  print_evaluation(*evaluation, flags.details, console.out);
  if (flags.json.empty()) return Done{};
  return save_text(flags.json, evaluation_json(*evaluation).dump(2) + "\n");
}

/// Exactly one of the two forms, whole, without flags of the other.
void check_form(const EvaluateFlags& flags, const CLI::App& app) {
  const bool log = !flags.interactions.empty() && !flags.recipe.recipe.empty();
  const bool file = !flags.model.empty() && !flags.histories.empty() && !flags.test.empty();
  if (log == file) {
    throw CLI::ValidationError(
        "give either --interactions and --recipe, or --model, --histories and "
        "--test");
  }
  const bool user_split = log && flags.protocol == "user-split";
  const bool time_split = log && flags.protocol == "time-split";
  if (app.count("--test-share") > 0 && !user_split && !time_split) {
    throw CLI::ValidationError("--test-share goes with --protocol user-split or time-split");
  }
  if (app.count("--held-share") > 0 && !user_split) {
    throw CLI::ValidationError("--held-share goes with --protocol user-split");
  }
  if (app.count("--against") > 0 && !file) {
    throw CLI::ValidationError("--against goes with --model; a recipe has --against-recipe");
  }
  if (app.count("--against-recipe") > 0 && !log) {
    throw CLI::ValidationError("--against-recipe goes with --recipe; a model file has --against");
  }
  if (app.count("--against-set") > 0 && app.count("--against-recipe") == 0) {
    throw CLI::ValidationError("--against-set goes with --against-recipe");
  }
}

std::string check_share(const std::string& text) {
  double share = 0;
  if (CLI::detail::lexical_cast(text, share) && share > 0 && share < 1) return {};
  return "'" + text + "' is no share: give a number between 0 and 1, such as 0.2";
}

void declare_recipe_form(CLI::App& app, EvaluateFlags& flags) {
  auto* interactions = app.add_option("--interactions", flags.interactions,
                                      "The log to split, train on and test with");
  flags.items.declare(app);
  flags.recipe.declare(app);
  app.add_option("--protocol", flags.protocol, "leave-last-out, user-split or time-split")
      ->capture_default_str();
  app.add_option("--test-share", flags.split.share,
                 "Of the users (user-split) or of the interactions (time-split): how much to test")
      ->check(check_share)
      ->capture_default_str();
  app.add_option("--held-share", flags.split.held_share,
                 "user-split: of a tested user's interactions, how many of the newest to hold out")
      ->check(check_share)
      ->capture_default_str();
  app.add_option("--against-recipe", flags.against_recipe.recipe,
                 "Compare with this recipe, user by user: trained on the same rows of the same "
                 "split, cleaned as --recipe says");
  app.add_option("--against-set", flags.against_recipe.overrides, "As --set, for --against-recipe")
      ->check(check_assignment);
  interactions->excludes(app.get_option("--model"));
}

void declare_file_form(CLI::App& app, EvaluateFlags& flags) {
  app.add_option("--model", flags.model, "The model file to test as it is");
  app.add_option("--histories", flags.histories, "What its users did before: user, item rows");
  app.add_option("--test", flags.test, "What they did then: user, item rows");
  app.add_option("--against", flags.against, "Compare with this model file, user by user");
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
  app->add_option("--bootstrap", flags->options.resamples,
                  "Resamples of the users behind the 95 % intervals; 0: no intervals")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  app->add_flag("--details", flags->details,
                "Print tables by history length and by item popularity too");
  app->add_option("--json", flags->json, "Write all numbers here too");
  app->add_option("--seed", flags->options.seed, "Seed of every random choice")
      ->capture_default_str();
  declare_threads(*app, flags->options.threads);
  app->callback([flags, app] { check_form(*flags, *app); });
  return {app, [flags](Console& console) { return run(*flags, console); }};
}

}  // namespace palate::tools
