// The flags of palate evaluate.
#include "evaluate_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "train/nearest_name.h"

namespace palate::tools {
namespace {

/// Who is held out, of interactions and of examples.
struct KnownProtocol {
  std::string_view name;
  std::optional<Protocol> of_interactions;
  std::optional<ExampleProtocol> of_examples;
};

constexpr std::array<KnownProtocol, 4> kProtocols{{
    {"leave-last-out", Protocol::kLeaveLastOut, std::nullopt},
    {"user-split", Protocol::kUserSplit, ExampleProtocol::kUserSplit},
    {"time-split", Protocol::kTimeSplit, ExampleProtocol::kTimeSplit},
    {"row-split", std::nullopt, ExampleProtocol::kRowSplit},
}};

constexpr const char* kRecipeForm[] = {
    "--interactions", "--items",          "--item-columns", "--recipe",   "--set",
    "--min-user",     "--min-item",       "--min-value",    "--protocol", "--test-share",
    "--held-share",   "--against-recipe", "--against-set",  "--numeric",  "--categorical",
    "--ignore",       "--context"};
constexpr const char* kListFlags[] = {"--k", "--include-seen", "--details"};
constexpr const char* kFileForm[] = {"--model", "--histories", "--test", "--against"};

const KnownProtocol* find_protocol(std::string_view name) {
  const auto* const found = std::ranges::find(kProtocols, name, &KnownProtocol::name);
  return found == kProtocols.end() ? nullptr : found;
}

std::string check_protocol_name(const std::string& text) {
  if (find_protocol(text) != nullptr) return {};
  std::array<std::string_view, kProtocols.size()> names;
  std::ranges::transform(kProtocols, names.begin(), &KnownProtocol::name);
  return "there is no protocol '" + text + "'; did you mean '" +
         std::string(internal::nearest_name(text, names)) +
         "'? Known: leave-last-out, user-split, time-split, row-split";
}

/// Refuses flags that the form at hand would not look at.
void check_none_of(const CLI::App& app, std::span<const char* const> flags, const char* form) {
  for (const char* flag : flags) {
    if (app.count(flag) == 0) continue;
    throw CLI::ValidationError(std::string(flag) + " does not go with " + form);
  }
}

std::string check_share(const std::string& text) {
  double share = 0;
  if (CLI::detail::lexical_cast(text, share) && share > 0 && share < 1) return {};
  return "'" + text + "' is no share: give a number between 0 and 1, such as 0.2";
}

void declare_recipe_form(CLI::App& app, EvaluateFlags& flags) {
  app.add_option("--interactions", flags.interactions, "The log to split, train on and test with");
  flags.items.declare(app);
  flags.context.declare(app);
  flags.features.declare(app);
  flags.recipe.declare(app);
  app.add_option_function<std::string>(
         "--protocol",
         [&flags](const std::string& name) {
           flags.protocol = name;
           flags.split.protocol =
               find_protocol(name)->of_interactions.value_or(Protocol::kLeaveLastOut);
         },
         "leave-last-out, user-split or time-split; with the recipe click row-split (of rows at "
         "random, its default), user-split or time-split")
      ->check(check_protocol_name)
      ->default_str(std::string(kProtocols.front().name));
  app.add_option(
         "--test-share", flags.split.share,
         "Of the users (user-split) or of the rows (time-split, row-split): how much to test")
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
}

void declare_file_form(CLI::App& app, EvaluateFlags& flags) {
  app.add_option("--model", flags.model, "The model file to test as it is");
  app.add_option("--histories", flags.histories, "What its users did before: user, item rows");
  app.add_option("--test", flags.test, "What they did then: user, item rows");
  app.add_option("--against", flags.against, "Compare with this model file, user by user");
}

}  // namespace

void EvaluateFlags::declare(CLI::App& app) {
  declare_file_form(app, *this);
  declare_recipe_form(app, *this);
  table.declare(app);
  declare_cut_offs(app, options.ks);
  app.add_flag("--include-seen", options.include_seen,
               "Leave items of the history in the lists and in the test");
  app.add_option("--bootstrap", options.resamples,
                 "Resamples of the users behind the 95 % intervals; 0: no intervals")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  app.add_flag("--details", details, "Print tables by history length and by item popularity too");
  app.add_option("--json", json, "Write all numbers here too");
  app.add_option("--seed", options.seed, "Seed of every random choice")->capture_default_str();
  declare_threads(app, options.threads);
}

void EvaluateFlags::check(const CLI::App& app) {
  const bool log = !interactions.empty() && !recipe.recipe.empty();
  const bool file = !model.empty() && !test.empty();
  if (log == file) {
    throw CLI::ValidationError(
        "give either --interactions and --recipe, or --model, --histories and --test (of the "
        "recipe "
        "click no histories)");
  }
  if (log) check_none_of(app, kFileForm, "--interactions");
  if (file) check_none_of(app, kRecipeForm, "--model");
  // Where none is given, the recipe click has another than all others.
  const bool last_out = protocol.empty() ? recipe.recipe != "click" : protocol == "leave-last-out";
  if (log && app.count("--test-share") > 0 && last_out) {
    throw CLI::ValidationError(
        "--test-share goes with --protocol user-split, time-split or row-split");
  }
  if (app.count("--held-share") > 0 && split.protocol != Protocol::kUserSplit) {
    throw CLI::ValidationError("--held-share goes with --protocol user-split");
  }
  if (app.count("--against-set") > 0 && app.count("--against-recipe") == 0) {
    throw CLI::ValidationError("--against-set goes with --against-recipe");
  }
  for (const char* flag : kListFlags) {
    if (of_lists.empty() && app.count(flag) > 0) of_lists = flag;
  }
}

Status EvaluateFlags::check_list_flags(bool makes_lists) const {
  if (makes_lists || of_lists.empty()) return Done{};
  return Error{
      ErrorCode::kRequestInvalid,
      of_lists + " does not go with the recipe click, which scores rows and makes no lists"};
}

Status EvaluateFlags::check_protocol(const Recipe& tested) const {
  const KnownProtocol* known = find_protocol(protocol);
  if (known == nullptr) return Done{};  // the recipe's own
  const bool is_click = tested.kind == RecipeKind::kClick;
  if (is_click ? known->of_examples.has_value() : known->of_interactions.has_value()) return Done{};
  return Error{ErrorCode::kRequestInvalid,
               is_click ? "the recipe click is measured by --protocol row-split, user-split or "
                          "time-split"
                        : "--protocol row-split goes with the recipe click alone"};
}

ExampleSplitOptions EvaluateFlags::example_split() const {
  const KnownProtocol* known = find_protocol(protocol);
  return {known == nullptr ? ExampleProtocol::kRowSplit : *known->of_examples, split.share,
          options.seed};
}

}  // namespace palate::tools
