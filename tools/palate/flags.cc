// Flags that several commands share.
#include "flags.h"

#include <CLI/CLI.hpp>
#include <cstddef>

namespace palate::tools {
namespace {

std::map<std::string, std::string> split_assignments(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> pairs;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    pairs[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return pairs;
}

/// A flag that is short for an override of one field of the recipe.
void declare_override(CLI::App& app, RecipeFlags& flags, const std::string& flag,
                      const std::string& field, const std::string& help) {
  app.add_option_function<std::string>(
         flag,
         [&flags, field](const std::string& value) {
           flags.overrides.push_back(field + "=" + value);
         },
         help + "; short for --set " + field + "=...")
      ->group("Recipe");
}

}  // namespace

std::string check_assignment(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos && equals > 0 && equals + 1 < text.size()) return {};
  return "'" + text + "' is not of the form name=value";
}

void TableFlags::declare(CLI::App& app) {
  split_at_commas(app.add_option("--columns", columns,
                                 "Which column plays which role where the names do not tell, such "
                                 "as user=visitor,item=sku"))
      ->check(check_assignment);
  app.add_option("--max-bad", max_bad, "Share of malformed rows above which reading stops")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

ReadOptions TableFlags::options() const { return {split_assignments(columns), max_bad}; }

void ItemFlags::declare(CLI::App& app) {
  app.add_option("--items", path, "Items: id, title, any further columns as attributes");
  split_at_commas(app.add_option("--item-columns", columns,
                                 "As --columns, for the items, such as item=sku,title=name"))
      ->check(check_assignment);
}

ReadOptions ItemFlags::options(double max_bad) const {
  return {split_assignments(columns), max_bad};
}

void FeatureFlags::declare(CLI::App& app) {
  const auto declare_columns = [&](const char* flag, std::vector<std::string>& names,
                                   const char* help) {
    split_at_commas(app.add_option(flag, names, help))
        ->group("Features (recipe click, or --context)");
  };
  declare_columns("--numeric", numeric, "Columns of numbers: a row with any other text is bad");
  declare_columns("--categorical", categorical, "Columns of categories, such as codes in digits");
  declare_columns("--ignore", ignored, "Columns that are no features");
}

ExampleOptions FeatureFlags::options(const TableFlags& table) const {
  return {table.options(), numeric, categorical, ignored, true};
}

void RecipeFlags::declare(CLI::App& app) {
  std::string names;
  for (const std::string_view name : recipe_names()) names += std::string(name) + ", ";
  app.add_option("--recipe", recipe, "How to train: " + names + "or a file.toml")->group("Recipe");
  app.add_option("--set", overrides, "Fields of the recipe to change, such as ials.dimension=32")
      ->check(check_assignment)
      ->group("Recipe");
  declare_override(app, *this, "--min-user", "data.min_user", "Interactions a user must have");
  declare_override(app, *this, "--min-item", "data.min_item", "Interactions an item must have");
  declare_override(app, *this, "--min-value", "data.min_value",
                   "Leave out interactions with a smaller value");
}

void declare_cut_offs(CLI::App& app, std::vector<std::uint32_t>& ks) {
  split_at_commas(app.add_option("--k", ks, "Lengths of the list to measure at"))
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

void declare_threads(CLI::App& app, unsigned& threads) {
  app.add_option("--threads", threads, "Threads to use; 0: all of the machine's")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
}

CLI::Option* split_at_commas(CLI::Option* option) {
  return option->delimiter(',')->allow_extra_args(false);
}

}  // namespace palate::tools
