// One test user through the shipped runtime.
#include "evaluate/user_evaluator.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "palate/random.h"

namespace palate::internal {
namespace {

std::uint32_t longest_list(const EvaluateOptions& options) {
  return *std::max_element(options.ks.begin(), options.ks.end());
}

}  // namespace

void BestRanks::note(ItemIndex item, std::uint32_t rank) {
  std::uint32_t& best = ranks_[to_row(item)];
  best = std::min(best, rank);
}

void BestRanks::merge(const BestRanks& other) {
  std::transform(ranks_.begin(), ranks_.end(), other.ranks_.begin(), ranks_.begin(),
                 [](std::uint32_t a, std::uint32_t b) { return std::min(a, b); });
}

double BestRanks::coverage(std::uint32_t k) const {
  const auto shown =
      std::count_if(ranks_.begin(), ranks_.end(), [k](std::uint32_t rank) { return rank <= k; });
  return static_cast<double>(shown) / static_cast<double>(ranks_.size());
}

Result<UserEvaluator> UserEvaluator::create(const Model& model, const EvaluateOptions& options) {
  Result<Recommender> recommender = Recommender::create(model);
  if (!recommender) return recommender.error();
  return UserEvaluator(model, options, std::move(*recommender));
}

UserEvaluator::UserEvaluator(const Model& model, const EvaluateOptions& options,
                             Recommender recommender)
    : model_(&model),
      options_(&options),
      recommender_(std::move(recommender)),
      model_ranks_(model.item_count()),
      popularity_ranks_(model.item_count()),
      picks_(std::min<std::size_t>(longest_list(options), model.item_count())),
      is_held_out_(model.item_count(), 0),
      is_seen_(model.item_count(), 0) {}

Result<UserOutcome> UserEvaluator::evaluate(const TestUser& user, std::uint64_t number) {
  UserOutcome outcome;
  mark(user, true);
  Status status = rank(user, outcome);
  rank_by_popularity(outcome);
  if (status) status = classify(user, number, outcome);
  if (status) status = predict_values(user, outcome);
  mark(user, false);
  if (!status) return status.error();
  return outcome;
}

void UserEvaluator::mark(const TestUser& user, bool on) {
  for (const HeldOut& held : user.held_out) is_held_out_[to_row(held.item)] = on ? 1 : 0;
  for (const Event& event : user.history) is_seen_[to_row(event.item)] = on ? 1 : 0;
}

Status UserEvaluator::rank(const TestUser& user, UserOutcome& outcome) {
  const Request request{.exclude_seen = !options_->include_seen};
  const Result<std::size_t> count = recommender_.recommend(user.history, request, picks_);
  if (!count) return count.error();
  for (std::uint32_t rank = 1; rank <= *count; ++rank) {
    const ItemIndex item = picks_[rank - 1].item;
    model_ranks_.note(item, rank);
    if (is_held_out_[to_row(item)] != 0) outcome.model_hits.push_back(rank);
  }
  return Done{};
}

void UserEvaluator::rank_by_popularity(UserOutcome& outcome) {
  std::uint32_t rank = 0;
  for (std::size_t row = 0; row < model_->item_count() && rank < picks_.size(); ++row) {
    if (is_seen_[row] != 0 && !options_->include_seen) continue;
    popularity_ranks_.note(to_item(row), ++rank);
    if (is_held_out_[row] != 0) outcome.popularity_hits.push_back(rank);
  }
}

Status UserEvaluator::classify(const TestUser& user, std::uint64_t number, UserOutcome& outcome) {
  // Without a history the runtime answers with popularity, which is no logit.
  if (model_->ranker() == nullptr || user.history.empty()) return Done{};
  std::vector<ItemIndex> items;
  for (const HeldOut& held : user.held_out) items.push_back(held.item);
  const std::size_t positives = items.size();
  std::size_t eligible = 0;
  for (std::size_t row = 0; row < model_->item_count(); ++row) {
    eligible += is_seen_[row] == 0 && is_held_out_[row] == 0 ? 1 : 0;
  }
  Random random(options_->seed, number);
  while (eligible > 0 && items.size() < positives * (1 + std::size_t{options_->negatives})) {
    const auto row = static_cast<std::size_t>(random.below(model_->item_count()));
    if (is_seen_[row] == 0 && is_held_out_[row] == 0) items.push_back(to_item(row));
  }
  outcome.logits.resize(items.size());
  outcome.positive.assign(items.size(), 0);
  std::fill_n(outcome.positive.begin(), positives, std::uint8_t{1});
  return recommender_.score(user.history, items, outcome.logits);
}

Status UserEvaluator::predict_values(const TestUser& user, UserOutcome& outcome) {
  if (model_->value_head() == nullptr) return Done{};
  std::vector<ItemIndex> items;
  for (const HeldOut& held : user.held_out) {
    if (std::isnan(held.value)) continue;
    items.push_back(held.item);
    outcome.actual.push_back(held.value);
  }
  outcome.predicted.resize(items.size());
  return recommender_.predict_values(user.history, items, outcome.predicted);
}

}  // namespace palate::internal
