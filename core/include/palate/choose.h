// The recipe `auto`: which recipe fits a log.
#ifndef PALATE_CHOOSE_H_
#define PALATE_CHOOSE_H_

#include <cstdint>
#include <string>

#include "palate/dataset.h"
#include "palate/progress.h"
#include "palate/recipe.h"
#include "palate/result.h"

namespace palate {

struct ChooseOptions {
  std::uint64_t seed = 1;
  unsigned threads = 0;  ///< 0: all of the machine's; the choice is the same with any
  ProgressCallback progress;
};

/// A recipe, with the `data` and `values` of the one that chose it.
struct Choice {
  Recipe recipe;
  std::string facts;   ///< a line: what the log is like
  std::string reason;  ///< a line: what was measured, and what follows
};

/// Tries recipes on a part of a cleaned log, whose newest interactions it holds out (with times the
/// newest tenth, and with few users the newest two, three and four tenths too; where the recipe
/// says so, or that rows are in order, each user's last one; else any one of each user's), and
/// chooses.
/// `automatic` is a recipe of kind `kAuto`; `items` may be empty. `kDataEmpty` where nothing can be
/// held out.
Result<Choice> choose_recipe(const InteractionLog& log, const Catalogue& items,
                             const Recipe& automatic, const ChooseOptions& options);

}  // namespace palate

#endif  // PALATE_CHOOSE_H_
