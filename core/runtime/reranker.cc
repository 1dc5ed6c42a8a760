// Candidates with their values, and the greedy choice among them.
#include "runtime/reranker.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/portable_math.h"
#include "palate/words.h"
#include "runtime/best_picks.h"
#include "runtime/filter.h"
#include "runtime/heap_sort.h"
#include "runtime/refused.h"

namespace palate::internal {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

bool is_bounded(float weight) { return std::abs(weight) <= kMaxMagnitude; }

}  // namespace

Status Reranker::check() const {
  const Reranking& wanted = *reranking_;
  if (!is_bounded(wanted.popularity)) {
    return refused("the weight of popularity is not a number of 10^6 at most"_words);
  }
  if (!(wanted.strength >= 0 && wanted.strength <= 1)) {
    return refused("the strength of diversity is not between 0 and 1"_words);
  }
  for (const Handicap& handicap : wanted.handicaps) {
    if (Status status = check_items(*model_, {&handicap.item, 1}); !status) return status;
    if (!is_bounded(handicap.amount)) {
      return refused("a handicap is not a number of 10^6 at most"_words);
    }
  }
  if (!wanted.freshness) return check_items(*model_, wanted.pinned);
  const Freshness& freshness = *wanted.freshness;
  if (freshness.attribute >= model_->attributes().size() ||
      model_->attributes()[freshness.attribute].kind != AttributeKind::kNumber) {
    return refused("freshness needs an attribute of numbers"_words);
  }
  if (!(freshness.half_life > 0) || !is_bounded(freshness.weight) || std::isinf(freshness.now)) {
    return refused("freshness needs a half-life above 0 and a weight of 10^6 at most"_words);
  }
  return check_items(*model_, wanted.pinned);
}

Result<std::size_t> Reranker::list(const Reranking& reranking, RowMask excluded,
                                   std::span<const ItemIndex> barred, CandidateSource& source,
                                   std::span<Pick> picks) {
  reranking_ = &reranking;
  excluded_ = excluded;
  list_ = picks;
  length_ = 0;
  Status status = check();
  if (status) status = start(source.most());
  if (status) status = pin(barred, source);
  if (!status) return status.error();
  while (length_ < list_.size()) {
    if (const std::size_t slot = next_candidate(); slot != kNone) {
      candidates_[slot].is_gone = true;
      take(slot, candidates_[slot].pick);
      continue;
    }
    const Result<std::size_t> more = fill(source);
    if (!more) return more;
    if (*more > 0) continue;
    if (!limits_.is_reserved()) break;
    limits_.give_up_quotas();
  }
  return length_;
}

Status Reranker::start(std::size_t most) {
  const std::size_t wanted =
      std::max<std::size_t>(reranking_->pool, list_.size()) + reranking_->handicaps.size();
  pool_ = std::min({wanted, std::max(most, list_.size()), model_->item_count()});
  count_ = 0;
  first_ = 0;
  is_reserved_ = false;
  highest_ = std::numeric_limits<double>::quiet_NaN();
  now_ = reranking_->freshness ? fresh_now() : 0;
  Status status = limits_.start(*reranking_, list_.size());
  if (status) status = candidates_.reserve(pool_);
  if (status) status = found_.reserve(pool_);
  if (status && is_diverse()) {
    status = diversifier_.reset(reranking_->diversity, list_.size(), pool_);
  }
  return status;
}

float Reranker::fresh_now() const {
  const Freshness& freshness = *reranking_->freshness;
  if (!std::isnan(freshness.now)) return freshness.now;
  float largest = -std::numeric_limits<float>::infinity();
  for (const float number : model_->attributes()[freshness.attribute].numbers) {
    largest = std::fmax(largest, number);
  }
  return largest;
}

Status Reranker::pin(std::span<const ItemIndex> barred, CandidateSource& source) {
  const auto is_in_list = [this](ItemIndex item) {
    return std::any_of(list_.begin(), list_.begin() + static_cast<std::ptrdiff_t>(length_),
                       [item](const Pick& pick) { return pick.item == item; });
  };
  for (const ItemIndex item : reranking_->pinned) {
    if (length_ == list_.size()) break;
    if (is_in_list(item) || std::find(barred.begin(), barred.end(), item) != barred.end()) continue;
    Pick pick{item, 0};
    if (Status status = source.score({&item, 1}, {&pick.score, 1}); !status) return status;
    if (is_diverse()) diversifier_.put(0, item);  // there are no candidates yet
    take(0, pick);
  }
  return Done{};
}

// The best items that may still be taken; returns how many there are.
Result<std::size_t> Reranker::fill(CandidateSource& source) {
  if (Status status = leave_out_unfit(); !status) return status.error();
  const Result<std::size_t> found = source.best(bits_.mask(), found_.first(pool_));
  if (!found) return found.error();
  if (*found == 0) return found;
  is_reserved_ = limits_.is_reserved();
  put_in_order(found_.first(*found));
  return found;
}

Status Reranker::leave_out_unfit() {
  const std::size_t rows = model_->item_count();
  if (Status status = bits_.copy(rows, excluded_); !status) return status;
  for (std::size_t i = 0; i < length_; ++i) bits_.leave_out(to_row(list_[i].item));
  if (!limits_.any()) return Done{};
  const RowMask mask = bits_.mask();
  for (std::size_t row = 0; row < rows; ++row) {
    if (!mask[row] && !limits_.allows(to_item(row))) bits_.leave_out(row);
  }
  return Done{};
}

void Reranker::put_in_order(std::span<const Pick> found) {
  if (std::isnan(highest_)) {
    highest_ = found.front().score;
    lowest_ = found.back().score;
  }
  count_ = found.size();
  first_ = 0;
  for (std::size_t i = 0; i < count_; ++i) candidates_[i] = {found[i], value_of(found[i]), false};
  heap_sort(candidates_.first(count_), [](const Candidate& a, const Candidate& b) {
    return a.value != b.value ? a.value > b.value : ranks_before(a.pick, b.pick);
  });
  if (!is_diverse()) return;
  for (std::size_t i = 0; i < count_; ++i) diversifier_.put(i, candidates_[i].pick.item);
}

float Reranker::value_of(const Pick& pick) const {
  double value = highest_ > lowest_ ? (pick.score - lowest_) / (highest_ - lowest_) : 0;
  if (reranking_->popularity != 0) {
    const double most = portable_log1p(model_->popularity(ItemIndex{0}));  // rows are in this order
    const double share = most > 0 ? portable_log1p(model_->popularity(pick.item)) / most : 0;
    value -= reranking_->popularity * share;
  }
  if (const auto& freshness = reranking_->freshness) {
    const float number = model_->attributes()[freshness->attribute].numbers[to_row(pick.item)];
    const double age = std::max(0.0, double{now_} - number);
    if (!std::isnan(number))
      value += freshness->weight * portable_pow(0.5, age / freshness->half_life);
  }
  for (const Handicap& handicap : reranking_->handicaps) {
    if (handicap.item == pick.item) value -= handicap.amount;
  }
  // What comes in later may lie far below the first candidates.
  constexpr double kMost = kMaxMagnitude;
  return static_cast<float>(std::clamp(value, -kMost, kMost));
}

std::size_t Reranker::next_candidate() {
  const float strength = is_diverse() ? reranking_->strength : 0;
  std::size_t best = kNone;
  float best_value = 0;
  for (std::size_t slot = first_; slot < count_; ++slot) {
    Candidate& candidate = candidates_[slot];
    candidate.is_gone = candidate.is_gone || !limits_.within_caps(candidate.pick.item);
    if (candidate.is_gone) {
      if (slot == first_) ++first_;
      continue;
    }
    // No gain is above 0 and values descend: nothing better comes.
    float value = (1 - strength) * candidate.value;
    if (best != kNone && value <= best_value) break;
    if (limits_.is_reserved() && !limits_.is_needed(candidate.pick.item)) continue;
    if (strength > 0) value += strength * diversifier_.gain(slot);
    if (best != kNone && value <= best_value) continue;
    best = slot;
    best_value = value;
  }
  return best;
}

void Reranker::take(std::size_t slot, const Pick& pick) {
  list_[length_++] = pick;
  limits_.add(pick.item);
  if (is_diverse()) diversifier_.choose(slot);
  // Candidates for the quotas alone are not the best for the places behind them.
  if (is_reserved_ && !limits_.is_reserved()) count_ = 0;
}

}  // namespace palate::internal
