// One test user through the shipped runtime: what the lists hit and are made of, what the ranker
// said, what values were predicted.
#ifndef PALATE_EVALUATE_USER_EVALUATOR_H_
#define PALATE_EVALUATE_USER_EVALUATOR_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "evaluate/exposure.h"
#include "evaluate/item_traits.h"
#include "evaluate/test_users.h"
#include "palate/evaluate.h"
#include "palate/recommender.h"

namespace palate::internal {

/// A held-out item in a list.
struct Hit {
  std::uint32_t rank = 0;  ///< from 1
  PopularityClass popularity_class{};
};

/// The first k of one list. NaN where the list is too short to have the measure.
struct ListOutcome {
  RankingMetrics ranking;
  double diversity = 0, novelty = 0, popularity = 0;
};

/// One list: its hits in the order of their ranks, and its measures at each cut-off.
struct RankedList {
  std::vector<Hit> hits;
  std::vector<ListOutcome> at;
};

/// What one user adds to the report. Depends on the user and the options alone, not on the thread.
struct UserOutcome {
  RankedList model;
  RankedList popularity;                       ///< the list of the popular items
  std::uint32_t history_length = 0;            ///< known items, each once
  double history_popularity = 0;               ///< their mean; NaN without any
  std::array<std::uint32_t, 3> held_out_of{};  ///< known held-out items of each popularity class
  std::vector<float> logits;                   ///< of the ranker; empty without one
  std::vector<std::uint8_t> positive;          ///< one a logit: 1 held out, 0 sampled
  std::vector<float> predicted;                ///< values; empty without a value head
  std::vector<float> actual;                   ///< one a predicted value
};

/// Evaluates users one after the other, for one thread. Borrows its arguments.
class UserEvaluator {
 public:
  static Result<UserEvaluator> create(const Model& model, const ItemTraits& traits,
                                      const EvaluateOptions& options);

  /// `number` tells users apart: with the seed it fixes which negatives are sampled. `context`: of
  /// all rows of the test log.
  Result<UserOutcome> evaluate(const TestUser& user, std::uint64_t number,
                               std::span<const CellsView> context);

  const Exposure& model_exposure() const { return model_exposure_; }
  const Exposure& popularity_exposure() const { return popularity_exposure_; }

 private:
  UserEvaluator(const Model& model, const ItemTraits& traits, const EvaluateOptions& options,
                Recommender recommender);

  void describe(const TestUser& user, UserOutcome& outcome) const;
  Status pick(const TestUser& user);
  Status pick_popular(const TestUser& user);
  RankedList measure(std::uint64_t held_out, Exposure& exposure) const;
  Status classify(const TestUser& user, std::uint64_t number, UserOutcome& outcome);
  Status predict_values(const TestUser& user, UserOutcome& outcome);
  void mark(const TestUser& user, bool on);

  const Model* model_;
  const ItemTraits* traits_;
  const EvaluateOptions* options_;
  Recommender recommender_;
  Exposure model_exposure_;
  Exposure popularity_exposure_;
  std::vector<Pick> picks_;      ///< as many as the longest list holds
  std::vector<Pick> popular_;    ///< the most popular items, those of the history included
  std::vector<ItemIndex> list_;  ///< the list at hand, best first
  std::vector<std::uint8_t> is_held_out_;  ///< one an item; all 0 between users
  std::vector<std::uint8_t> is_seen_;      ///< one an item; all 0 between users
};

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_USER_EVALUATOR_H_
