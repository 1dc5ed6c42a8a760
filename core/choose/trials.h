// Trials: how well recipes do on a part of a log.
#ifndef PALATE_CHOOSE_TRIALS_H_
#define PALATE_CHOOSE_TRIALS_H_

#include <string>
#include <vector>

#include "choose/log_facts.h"
#include "palate/choose.h"

namespace palate::internal {

struct Trial {
  std::string recipe;
  double ndcg = 0;  ///< at 20, as recall
  double recall = 0;

  /// What recipes are compared by: the geometric mean, squared. NDCG alone would take the popular
  /// list, which is right about the first few items, for as good as one that finds more.
  double worth() const { return ndcg * recall; }
};

/// Best first. Holds out what is newest, by the order that the log has; without one, any
/// interaction; of a log with few users several times, for the mean. `automatic` says how large the
/// part is.
Result<std::vector<Trial>> try_recipes(const std::vector<std::string>& recipes,
                                       const InteractionLog& log, const Catalogue& items,
                                       Order order, const Recipe& automatic,
                                       const ChooseOptions& options);

}  // namespace palate::internal

#endif  // PALATE_CHOOSE_TRIALS_H_
