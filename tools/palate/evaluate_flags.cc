// The flags of palate evaluate.
#include "evaluate_flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "train/nearest_name.h"

namespace palate::tools {
namespace {

constexpr std::array<std::pair<std::string_view, Protocol>, 3> kProtocols{{
    {"leave-last-out", Protocol::kLeaveLastOut},
    {"user-split", Protocol::kUserSplit},
    {"time-split", Protocol::kTimeSplit},
}};

constexpr const char* kRecipeForm[] = {
    "--interactions", "--items",          "--item-columns", "--recipe",   "--set",
    "--min-user",     "--min-item",       "--min-value",    "--protocol", "--test-share",
    "--held-share",   "--against-recipe", "--against-set"};
constexpr const char* kFileForm[] = {"--model", "--histories", "--test", "--against"};

const Protocol* find_protocol(std::string_view name) {
  for (const auto& [known, protocol] : kProtocols) {
    if (name == known) return &protocol;
  }
  return nullptr;
}

std::string check_protocol(const std::string& text) {
  if (find_protocol(text) != nullptr) return {};
  std::array<std::string_view, kProtocols.size()> names;
  std::ranges::transform(kProtocols, names.begin(), [](const auto& known) { return known.first; });
  return "there is no protocol '" + text + "'; did you mean '" +
         std::string(internal::nearest_name(text, names)) +
         "'? Known: leave-last-out, user-split, time-split";
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
  flags.recipe.declare(app);
  app.add_option_function<std::string>(
         "--protocol",
         [&flags](const std::string& name) { flags.split.protocol = *find_protocol(name); },
         "leave-last-out, user-split or time-split")
      ->check(check_protocol)
      ->default_str(std::string(kProtocols.front().first));
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

void EvaluateFlags::check(const CLI::App& app) const {
  const bool log = !interactions.empty() && !recipe.recipe.empty();
  const bool file = !model.empty() && !histories.empty() && !test.empty();
  if (log == file) {
    throw CLI::ValidationError(
        "give either --interactions and --recipe, or --model, --histories and --test");
  }
  if (log) check_none_of(app, kFileForm, "--interactions");
  if (file) check_none_of(app, kRecipeForm, "--model");
  if (app.count("--test-share") > 0 && split.protocol == Protocol::kLeaveLastOut) {
    throw CLI::ValidationError("--test-share goes with --protocol user-split or time-split");
  }
  if (app.count("--held-share") > 0 && split.protocol != Protocol::kUserSplit) {
    throw CLI::ValidationError("--held-share goes with --protocol user-split");
  }
  if (app.count("--against-set") > 0 && app.count("--against-recipe") == 0) {
    throw CLI::ValidationError("--against-set goes with --against-recipe");
  }
}

}  // namespace palate::tools
