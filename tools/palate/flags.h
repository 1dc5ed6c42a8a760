// Flags that several commands share.
#ifndef PALATE_TOOLS_FLAGS_H_
#define PALATE_TOOLS_FLAGS_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "palate/dataset.h"
#include "palate/examples.h"
#include "palate/recipe.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace palate::tools {

/// Which column plays which role, and how many rows may be bad.
struct TableFlags {
  std::vector<std::string> columns;  ///< "role=column"
  double max_bad = ReadOptions{}.max_bad;

  void declare(CLI::App& app);
  ReadOptions options() const;
};

/// The same for a file of items.
struct ItemFlags {
  std::filesystem::path path;
  std::vector<std::string> columns;

  void declare(CLI::App& app);
  ReadOptions options(double max_bad) const;
};

/// How columns are taken: of examples, for the recipe click, or of the context.
struct FeatureFlags {
  std::vector<std::string> numeric;
  std::vector<std::string> categorical;
  std::vector<std::string> ignored;

  void declare(CLI::App& app);
  bool empty() const { return numeric.empty() && categorical.empty() && ignored.empty(); }
  ExampleOptions options(const TableFlags& table) const;
};

/// A recipe and what departs from it.
struct RecipeFlags {
  std::string recipe;
  std::vector<std::string> overrides;  ///< "field=value", those of the flags below included

  void declare(CLI::App& app);
  Result<Recipe> load() const { return load_recipe(recipe, overrides); }
};

/// Declares `--k`, a list of cut-offs of 1 or more.
void declare_cut_offs(CLI::App& app, std::vector<std::uint32_t>& ks);

/// Declares `--threads`, 0 standing for all of the machine's.
void declare_threads(CLI::App& app, unsigned& threads);

/// Refuses what is not of the form name=value.
std::string check_assignment(const std::string& text);

/// A list flag takes one argument, split at commas; the flag may be repeated.
CLI::Option* split_at_commas(CLI::Option* option);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_FLAGS_H_
