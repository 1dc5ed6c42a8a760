// Evaluation: all test users through the runtime, and the means of what came out.
#include "palate/evaluate.h"

#include <algorithm>
#include <string>
#include <utility>

#include "data/parallel.h"
#include "evaluate/metrics.h"
#include "evaluate/test_users.h"
#include "evaluate/user_evaluator.h"

namespace palate {
namespace {

using internal::BestRanks;
using internal::TestUser;
using internal::TestUsers;
using internal::UserEvaluator;
using internal::UserOutcome;

/// What the threads bring home: one outcome a user, in the order of the users.
struct Outcomes {
  std::vector<UserOutcome> users;
  BestRanks model_ranks;
  BestRanks popularity_ranks;
};

Status check(const EvaluateOptions& options) {
  const auto positive = [](std::uint32_t k) { return k > 0; };
  if (!options.ks.empty() && std::all_of(options.ks.begin(), options.ks.end(), positive)) {
    return Done{};
  }
  return Error{ErrorCode::kRequestInvalid,
               "the cut-offs k must be 1 or more: give at least one, such as 10"};
}

Result<std::vector<UserEvaluator>> make_evaluators(const Model& model,
                                                   const EvaluateOptions& options,
                                                   std::size_t count) {
  std::vector<UserEvaluator> evaluators;
  for (std::size_t thread = 0; thread < count; ++thread) {
    Result<UserEvaluator> evaluator = UserEvaluator::create(model, options);
    if (!evaluator) return evaluator.error();
    evaluators.push_back(std::move(*evaluator));
  }
  return evaluators;
}

Result<Outcomes> evaluate_users(const Model& model, const std::vector<TestUser>& users,
                                const EvaluateOptions& options) {
  internal::ThreadPool pool(options.threads, users.size());
  auto evaluators = make_evaluators(model, options, pool.size());
  if (!evaluators) return evaluators.error();
  Outcomes outcomes{std::vector<UserOutcome>(users.size()), BestRanks(model.item_count()),
                    BestRanks(model.item_count())};
  const Status status =
      pool.try_each_chunk(users.size(), 1, [&](const internal::Chunk& chunk) -> Status {
        const std::size_t user = chunk.begin;
        Result<UserOutcome> outcome = (*evaluators)[chunk.worker].evaluate(users[user], user);
        if (!outcome) return outcome.error();
        outcomes.users[user] = std::move(*outcome);
        return Done{};
      });
  if (!status) return status.error();
  for (const UserEvaluator& evaluator : *evaluators) {
    outcomes.model_ranks.merge(evaluator.model_ranks());
    outcomes.popularity_ranks.merge(evaluator.popularity_ranks());
  }
  return outcomes;
}

/// Means over the users, added up in their order: the same sum whatever the number of threads.
RankingMetrics mean_metrics(const TestUsers& tested, const std::vector<UserOutcome>& outcomes,
                            std::vector<std::uint32_t> UserOutcome::*hits, const BestRanks& ranks,
                            std::uint32_t k) {
  RankingMetrics mean;
  mean.k = k;
  mean.coverage = ranks.coverage(k);
  const auto count = static_cast<double>(tested.users.size());
  for (std::size_t user = 0; user < tested.users.size(); ++user) {
    const RankingMetrics one =
        internal::ranking_metrics(outcomes[user].*hits, tested.users[user].held_out_count(), k);
    for (const auto field :
         {&RankingMetrics::recall, &RankingMetrics::precision, &RankingMetrics::hit_rate,
          &RankingMetrics::ndcg, &RankingMetrics::mrr, &RankingMetrics::map}) {
      mean.*field += one.*field / count;
    }
  }
  return mean;
}

template <class T>
std::vector<T> concatenate(const std::vector<UserOutcome>& outcomes,
                           std::vector<T> UserOutcome::*part) {
  std::vector<T> whole;
  for (const UserOutcome& outcome : outcomes) {
    whole.insert(whole.end(), (outcome.*part).begin(), (outcome.*part).end());
  }
  return whole;
}

std::optional<ClassificationMetrics> classification(const std::vector<UserOutcome>& outcomes) {
  const auto positive = concatenate(outcomes, &UserOutcome::positive);
  const auto positives = std::count(positive.begin(), positive.end(), 1);
  if (positives == 0 || positives == std::ssize(positive)) return std::nullopt;
  return internal::classification_metrics(concatenate(outcomes, &UserOutcome::logits), positive);
}

std::optional<ValueMetrics> values(const std::vector<UserOutcome>& outcomes) {
  const auto predicted = concatenate(outcomes, &UserOutcome::predicted);
  if (predicted.empty()) return std::nullopt;
  return internal::value_metrics(predicted, concatenate(outcomes, &UserOutcome::actual));
}

EvaluationReport count_users(const TestUsers& tested) {
  EvaluationReport report;
  report.users = tested.users.size();
  for (const TestUser& user : tested.users) {
    report.without_history += user.history.empty() ? 1 : 0;
    report.held_out += user.held_out_count();
    report.unknown += user.unknown;
  }
  return report;
}

}  // namespace

Result<EvaluationReport> evaluate(const Model& model, const InteractionLog& history,
                                  const InteractionLog& test, const EvaluateOptions& options) {
  const Status checked = check(options);
  if (!checked) return checked.error();
  const TestUsers tested = internal::pair_users(model, history, test, options.include_seen);
  if (tested.users.empty()) {
    return Error{ErrorCode::kDataEmpty,
                 "no user has a held-out item: the test rows are none, or all of them stand in the "
                 "histories already (keep those with --include-seen)"};
  }
  const Result<Outcomes> outcomes = evaluate_users(model, tested.users, options);
  if (!outcomes) return outcomes.error();
  EvaluationReport report = count_users(tested);
  for (const std::uint32_t k : options.ks) {
    report.model.push_back(
        mean_metrics(tested, outcomes->users, &UserOutcome::model_hits, outcomes->model_ranks, k));
    report.popularity.push_back(mean_metrics(tested, outcomes->users, &UserOutcome::popularity_hits,
                                             outcomes->popularity_ranks, k));
  }
  report.classification = classification(outcomes->users);
  report.values = values(outcomes->users);
  return report;
}

}  // namespace palate
