// The flags of the context: which columns of a log it is, and what it is for a list.
#ifndef PALATE_TOOLS_CONTEXT_FLAGS_H_
#define PALATE_TOOLS_CONTEXT_FLAGS_H_

#include <span>
#include <string>
#include <vector>

#include "flags.h"
#include "palate/dataset.h"
#include "palate/examples.h"
#include "palate/model.h"

namespace palate::tools {

/// Which columns of interactions are context.
struct ContextFlags {
  std::vector<std::string> columns;

  void declare(CLI::App& app);
  /// How to read a log with them; `features` says of what kind they are.
  ReadOptions options(const TableFlags& table, const FeatureFlags& features) const;
  /// Whether they fit recipes of which one or none reads context, and flags of kinds fit them.
  Status check(bool is_read, const FeatureFlags& features) const;
};

/// Lets a log be read with the columns of context that the model's ranker was trained on, as what
/// they were then; those that it lacks are missing.
void add_context_of(const Model& model, ContextOptions& options);

/// What is known of one visit, for `Recommender::set_context`: `given` is "name=value", several
/// categories separated by '|'. An unknown name is an error that lists those that the model knows.
Result<std::vector<EncodedColumn>> visit_context(const Model& model,
                                                 std::span<const std::string> given);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_CONTEXT_FLAGS_H_
