// What the ranker learns from: visitors as they come, and the candidates that they are handed.
#ifndef PALATE_TRAIN_RANKER_VISITS_H_
#define PALATE_TRAIN_RANKER_VISITS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "palate/model.h"
#include "palate/result.h"
#include "train/ranker/target_split.h"

namespace palate::internal {

/// Was this item, for this visitor, a target?
struct Example {
  std::uint32_t item = 0;
  float label = 0;  ///< 1: a target; 0: another candidate
};

/// A user with a history or none: the examples [begin, end), in the order of the candidates. Visits
/// of one user may share them.
struct Visit {
  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t target = kAll;  ///< the only example with label 1 that counts, or all of them
  std::uint32_t event = 0;    ///< of that target: what context the visit came about in

  std::size_t size() const { return end - begin; }
  /// Whether an example with label 1 is one of this visit, or of another of the same user.
  bool counts(std::size_t example) const { return target == kAll || target == example; }
};

struct VisitSet {
  std::vector<Visit> visits;  ///< in the order of the users; who finds no target has none
  std::vector<Example> examples;
  std::vector<float> columns;  ///< of each example: the visitor's features, `column_count`
  std::vector<float> vectors;  ///< of each visit: the user vector, `dimension` numbers
  std::size_t column_count = 0;
  std::size_t dimension = 0;  ///< 0: no vectors are read

  std::span<const Example> of(const Visit& visit) const {
    return std::span(examples).subspan(visit.begin, visit.size());
  }
};

/// How the targets of a user make visits.
enum class TargetsPerVisit : std::uint8_t {
  kAll,   ///< one visit
  kEach,  ///< a visit for each target, with the same examples
  kOne,   ///< one visit with a target drawn at random; the others are left out of the examples
};

struct VisitOptions {
  float short_share = 0;  ///< of the histories that are cut short: visitors who just came
  float new_share = 0;    ///< of the visitors who have none: their candidates are the popular items
  TargetChoice order = TargetChoice::kNewest;  ///< what is left of these
  TargetsPerVisit targets = TargetsPerVisit::kAll;
  std::uint64_t seed = 0;
};

/// Runs the model, whose encoder, retrievers and features were trained on `split.known` alone, on
/// the users' known histories as the page will: what the ranker learns from is what it will be
/// handed. A target that had shaped the retrievers would teach it to trust their scores more than a
/// visitor's next item deserves. The same with any number of threads.
Result<VisitSet> draw_visits(const Model& model, const TargetSplit& split,
                             std::span<const std::uint32_t> users, const VisitOptions& options,
                             ThreadPool& pool);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_VISITS_H_
