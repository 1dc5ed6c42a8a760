// The flags of palate evaluate: two forms, a recipe on a log or a model file.
#ifndef PALATE_TOOLS_EVALUATE_FLAGS_H_
#define PALATE_TOOLS_EVALUATE_FLAGS_H_

#include <filesystem>
#include <string>

#include "context_flags.h"
#include "flags.h"
#include "palate/evaluate.h"

namespace palate::tools {

struct EvaluateFlags {
  // A recipe on a log: the log is split, a model trained on its one part and tested on the other.
  std::filesystem::path interactions;
  ItemFlags items;
  FeatureFlags features;
  ContextFlags context;
  RecipeFlags recipe;
  std::string protocol;  ///< as it was given; empty: the recipe's own
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
  std::string of_lists;  ///< the first flag that was given and has a meaning for lists alone

  void declare(CLI::App& app);

  /// Throws a usage error unless exactly one of the two forms is there, whole, without flags of the
  /// other.
  void check(const CLI::App& app);

  /// Whether the recipe is measured by lists, or no flag that was given says how to.
  Status check_list_flags(bool makes_lists) const;

  /// Whether the protocol is one of the recipe's.
  Status check_protocol(const Recipe& tested) const;
  ExampleSplitOptions example_split() const;
};

}  // namespace palate::tools

#endif  // PALATE_TOOLS_EVALUATE_FLAGS_H_
