// Evaluation: all test users through the runtime, and the report of what came out.
#include "palate/evaluate.h"

#include <algorithm>
#include <utility>

#include "evaluate/breakdown.h"
#include "evaluate/cut_off_reports.h"
#include "evaluate/metrics.h"
#include "evaluate/user_pass.h"

namespace palate {
namespace {

using internal::ItemTraits;
using internal::TestUser;
using internal::TestUsers;
using internal::ThreadPool;
using internal::UserOutcome;
using internal::UserPass;

Status check(const EvaluateOptions& options) {
  const auto positive = [](std::uint32_t k) { return k > 0; };
  if (!options.ks.empty() && std::all_of(options.ks.begin(), options.ks.end(), positive)) {
    return Done{};
  }
  return Error{ErrorCode::kRequestInvalid,
               "the cut-offs k must be 1 or more: give at least one, such as 10"};
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

EvaluationReport make_report(const UserPass& pass, const ItemTraits& traits,
                             const EvaluateOptions& options, ThreadPool& pool) {
  EvaluationReport report = count_users(pass.tested);
  internal::report_cut_offs(pass, options, pool, report);
  report.diversity_basis = traits.likeness.basis();
  report.by_history_length = internal::by_history_length(pass.outcomes, options.ks);
  report.by_item_popularity = internal::by_item_popularity(pass.outcomes, traits, options.ks);
  report.classification = classification(pass.outcomes);
  report.values = values(pass.outcomes);
  return report;
}

Result<UserPass> pass_of(const Model& model, const ItemTraits& traits,
                         const InteractionLog& history, const InteractionLog& test,
                         const EvaluateOptions& options, std::string_view stage) {
  const Status checked = check(options);
  if (!checked) return checked.error();
  TestUsers tested = internal::pair_users(model, history, test, options.include_seen);
  if (tested.users.empty()) {
    return Error{ErrorCode::kDataEmpty,
                 "no user has a held-out item: the test rows are none, or all of them stand in the "
                 "histories already (keep those with --include-seen)"};
  }
  return internal::evaluate_users(model, traits, std::move(tested), options, stage);
}

}  // namespace

Result<EvaluationReport> evaluate(const Model& model, const InteractionLog& history,
                                  const InteractionLog& test, const EvaluateOptions& options) {
  const ItemTraits traits(model);
  const auto pass = pass_of(model, traits, history, test, options, "evaluate");
  if (!pass) return pass.error();
  ThreadPool pool(options.threads, options.resamples);
  return make_report(*pass, traits, options, pool);
}

Result<ComparisonReport> compare(const Model& model, const Model& other,
                                 const InteractionLog& history, const InteractionLog& test,
                                 const EvaluateOptions& options) {
  const ItemTraits traits(model);
  const ItemTraits other_traits(other);
  const auto pass = pass_of(model, traits, history, test, options, "evaluate");
  if (!pass) return pass.error();
  const auto other_pass =
      pass_of(other, other_traits, history, test, options, "evaluate the other");
  if (!other_pass) return other_pass.error();
  ThreadPool pool(options.threads, options.resamples);
  return ComparisonReport{make_report(*pass, traits, options, pool),
                          make_report(*other_pass, other_traits, options, pool),
                          internal::differences(*pass, *other_pass, options, pool)};
}

}  // namespace palate
