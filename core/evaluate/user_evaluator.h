// One test user through the shipped runtime: what the lists hit, what the ranker said, what values
// were predicted.
#ifndef PALATE_EVALUATE_USER_EVALUATOR_H_
#define PALATE_EVALUATE_USER_EVALUATOR_H_

#include <cstdint>
#include <span>
#include <vector>

#include "evaluate/test_users.h"
#include "palate/evaluate.h"
#include "palate/recommender.h"

namespace palate::internal {

/// What one user adds to the report. Depends on the user and the options alone, not on the thread.
struct UserOutcome {
  std::vector<std::uint32_t> model_hits;       ///< ranks of held-out items, from 1, ascending
  std::vector<std::uint32_t> popularity_hits;  ///< the same in the list of the popular items
  std::vector<float> logits;                   ///< of the ranker; empty without one
  std::vector<std::uint8_t> positive;          ///< one a logit: 1 held out, 0 sampled
  std::vector<float> predicted;                ///< values; empty without a value head
  std::vector<float> actual;                   ///< one a predicted value
};

/// The best place at which each item stood in anybody's list.
class BestRanks {
 public:
  explicit BestRanks(std::size_t items) : ranks_(items, kNever) {}

  void note(ItemIndex item, std::uint32_t rank);
  void merge(const BestRanks& other);
  /// The share of the items that stand at `k` or better in some list.
  double coverage(std::uint32_t k) const;

 private:
  static constexpr std::uint32_t kNever = 0xFFFFFFFF;
  std::vector<std::uint32_t> ranks_;
};

/// Evaluates users one after the other, for one thread. Borrows the model.
class UserEvaluator {
 public:
  static Result<UserEvaluator> create(const Model& model, const EvaluateOptions& options);

  /// `number` tells users apart: with the seed it fixes which negatives are sampled.
  Result<UserOutcome> evaluate(const TestUser& user, std::uint64_t number);

  const BestRanks& model_ranks() const { return model_ranks_; }
  const BestRanks& popularity_ranks() const { return popularity_ranks_; }

 private:
  UserEvaluator(const Model& model, const EvaluateOptions& options, Recommender recommender);

  Status rank(const TestUser& user, UserOutcome& outcome);
  void rank_by_popularity(UserOutcome& outcome);
  Status classify(const TestUser& user, std::uint64_t number, UserOutcome& outcome);
  Status predict_values(const TestUser& user, UserOutcome& outcome);
  void mark(const TestUser& user, bool on);

  const Model* model_;
  const EvaluateOptions* options_;
  Recommender recommender_;
  BestRanks model_ranks_;
  BestRanks popularity_ranks_;
  std::vector<Pick> picks_;                ///< as many as the longest list holds
  std::vector<std::uint8_t> is_held_out_;  ///< one an item; all 0 between users
  std::vector<std::uint8_t> is_seen_;      ///< one an item; all 0 between users
};

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_USER_EVALUATOR_H_
