// Trials: how well recipes do on a part of a log.
#ifndef PALATE_CHOOSE_TRIALS_H_
#define PALATE_CHOOSE_TRIALS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "choose/log_facts.h"
#include "palate/choose.h"
#include "palate/evaluate.h"

namespace palate::internal {

struct Trial {
  std::string recipe;
  double ndcg = 0;  ///< at 20, as recall
  double recall = 0;

  /// What recipes are compared by: the geometric mean, squared. NDCG alone would take the popular
  /// list, which is right about the first few items, for as good as one that finds more.
  double worth() const { return ndcg * recall; }
};

/// A recipe by its name, and the fields in which it departs from that.
struct Candidate {
  std::string recipe;
  std::vector<std::string> overrides = {};
};

/// What recipes are tried on: a part of a log, of which some is held out. Of a log with few users
/// this is done several times, for the mean; each user's last interaction is held out but once.
class TrialGround {
 public:
  /// `automatic` says how large the part is and whether items come again. `items` and `options` are
  /// borrowed.
  static Result<TrialGround> prepare(const InteractionLog& log, const Catalogue& items, Held held,
                                     const Recipe& automatic, const ChooseOptions& options);

  /// Best first. `stage`: what the progress is called.
  Result<std::vector<Trial>> try_all(std::string_view stage,
                                     const std::vector<Candidate>& candidates) const;

 private:
  TrialGround(std::vector<Split> rounds, const Catalogue& items, bool repeats,
              const ChooseOptions& options)
      : rounds_(std::move(rounds)), items_(&items), repeats_(repeats), options_(&options) {}

  Result<RankingMetrics> measure(const Recipe& recipe, const Split& parts) const;

  std::vector<Split> rounds_;
  const Catalogue* items_;
  bool repeats_;
  const ChooseOptions* options_;
};

}  // namespace palate::internal

#endif  // PALATE_CHOOSE_TRIALS_H_
