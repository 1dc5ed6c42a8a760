// One test user through the shipped runtime.
#include "evaluate/user_evaluator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "evaluate/metrics.h"
#include "palate/random.h"

namespace palate::internal {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

std::uint32_t longest_list(const EvaluateOptions& options) {
  return *std::max_element(options.ks.begin(), options.ks.end());
}

std::vector<std::uint32_t> ranks_of(const std::vector<Hit>& hits) {
  std::vector<std::uint32_t> ranks(hits.size());
  std::transform(hits.begin(), hits.end(), ranks.begin(), [](const Hit& hit) { return hit.rank; });
  return ranks;
}

/// Of one number an item, over some items; NaN over none.
template <class T>
double mean_of(const std::vector<T>& numbers, std::span<const ItemIndex> items) {
  double sum = 0;
  for (const ItemIndex item : items) sum += numbers[to_row(item)];
  return items.empty() ? kUndefined : sum / static_cast<double>(items.size());
}

}  // namespace

Result<UserEvaluator> UserEvaluator::create(const Model& model, const ItemTraits& traits,
                                            const EvaluateOptions& options) {
  Result<Recommender> recommender = Recommender::create(model);
  if (!recommender) return recommender.error();
  if (Status status = recommender->use_index(); !status) return status.error();
  return UserEvaluator(model, traits, options, std::move(*recommender));
}

UserEvaluator::UserEvaluator(const Model& model, const ItemTraits& traits,
                             const EvaluateOptions& options, Recommender recommender)
    : model_(&model),
      traits_(&traits),
      options_(&options),
      recommender_(std::move(recommender)),
      model_exposure_(model.item_count(), options.ks),
      popularity_exposure_(model.item_count(), options.ks),
      picks_(std::min<std::size_t>(longest_list(options), model.item_count())),
      is_held_out_(model.item_count(), 0),
      is_seen_(model.item_count(), 0) {}

Result<UserOutcome> UserEvaluator::evaluate(const TestUser& user, std::uint64_t number,
                                            std::span<const CellsView> context) {
  UserOutcome outcome;
  describe(user, outcome);
  mark(user, true);
  Status status = recommender_.set_context(context, user.visit);
  if (status) status = pick(user);
  if (status) outcome.model = measure(user.held_out_count(), model_exposure_);
  if (status) status = classify(user, number, outcome);
  if (status) status = predict_values(user, outcome);
  if (status) status = recommender_.set_context({});
  if (status) status = pick_popular(user);
  if (status) outcome.popularity = measure(user.held_out_count(), popularity_exposure_);
  mark(user, false);
  if (!status) return status.error();
  return outcome;
}

void UserEvaluator::mark(const TestUser& user, bool on) {
  for (const HeldOut& held : user.held_out) is_held_out_[to_row(held.item)] = on ? 1 : 0;
  for (const Event& event : user.history) is_seen_[to_row(event.item)] = on ? 1 : 0;
}

void UserEvaluator::describe(const TestUser& user, UserOutcome& outcome) const {
  std::vector<ItemIndex> items;
  for (const Event& event : user.history) items.push_back(event.item);
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  outcome.history_length = static_cast<std::uint32_t>(items.size());
  outcome.history_popularity = mean_of(traits_->popularity, items);
  for (const HeldOut& held : user.held_out) {
    ++outcome.held_out_of[static_cast<std::size_t>(traits_->popularity_class[to_row(held.item)])];
  }
}

Status UserEvaluator::pick(const TestUser& user) {
  const Request request{.exclude_seen = !options_->include_seen};
  const Result<std::size_t> count = recommender_.recommend(user.history, request, picks_);
  if (!count) return count.error();
  list_.clear();
  for (const Pick& pick : std::span(picks_).first(*count)) list_.push_back(pick.item);
  return Done{};
}

// Without a history and a context the runtime ranks by popularity: what was seen is left out of a
// longer list.
Status UserEvaluator::pick_popular(const TestUser& user) {
  popular_.resize(std::min(picks_.size() + user.history.size(), model_->item_count()));
  const Result<std::size_t> count = recommender_.recommend({}, {}, popular_);
  if (!count) return count.error();
  list_.clear();
  for (const Pick& pick : std::span(popular_).first(*count)) {
    if (list_.size() == picks_.size()) break;
    if (is_seen_[to_row(pick.item)] == 0 || options_->include_seen) list_.push_back(pick.item);
  }
  return Done{};
}

RankedList UserEvaluator::measure(std::uint64_t held_out, Exposure& exposure) const {
  exposure.note(list_);
  RankedList ranked;
  for (std::uint32_t rank = 1; rank <= list_.size(); ++rank) {
    const std::size_t row = to_row(list_[rank - 1]);
    if (is_held_out_[row] != 0) ranked.hits.push_back({rank, traits_->popularity_class[row]});
  }
  const std::vector<std::uint32_t> ranks = ranks_of(ranked.hits);
  for (const std::uint32_t k : options_->ks) {
    const auto first = std::span(list_).first(std::min<std::size_t>(k, list_.size()));
    ranked.at.push_back(
        {ranking_metrics(ranks, held_out, k), traits_->likeness.mean_distance(first),
         mean_of(traits_->self_information, first), mean_of(traits_->popularity, first)});
  }
  return ranked;
}

Status UserEvaluator::classify(const TestUser& user, std::uint64_t number, UserOutcome& outcome) {
  // Without a history the runtime answers with popularity, which is no logit.
  const bool has_logits = model_->ranker() != nullptr && model_->value_fold_in() == nullptr;
  if (!has_logits || user.history.empty()) return Done{};
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
