// Which items a list is made of.
#include <algorithm>
#include <array>

#include "palate/seldom.h"
#include "runtime/best_picks.h"
#include "runtime/recommender_state.h"

namespace palate {
namespace {

constexpr float kQuizDiversity = 0.5F;

/// Popularity as a source of candidates.
class PopularItems final : public internal::CandidateSource {
 public:
  PopularItems(const internal::Popularity& popularity, std::size_t items)
      : popularity_(popularity), items_(items) {}

  Result<std::size_t> best(internal::RowMask excluded, std::span<Pick> picks) override {
    return popularity_.best(excluded, picks);
  }
  std::size_t most() const override { return items_; }
  Status score(std::span<const ItemIndex> items, std::span<float> scores) override {
    std::transform(items.begin(), items.end(), scores.begin(),
                   [this](ItemIndex item) { return popularity_.score(item); });
    return Done{};
  }

 private:
  const internal::Popularity& popularity_;
  std::size_t items_;
};

}  // namespace

// Excludes what the visitor was against last, whatever a request says of seen items.
Status Recommender::State::leave_out_disliked(Filter& asked) {
  std::size_t count = asked.exclude.size();
  if (Status status = excluded_items.reserve(count + history.size()); !status) return status;
  std::ranges::copy(asked.exclude, excluded_items.data());
  for (const internal::HistoryItem& item : history) {
    if (item.weight < 0) excluded_items[count++] = ItemIndex{item.row};
  }
  asked.exclude = barred = excluded_items.first(count);
  return Done{};
}

// Reads the history, and gives what the request leaves out.
Result<internal::RowMask> Recommender::State::take(std::span<const Event> events,
                                                   const Request& request) {
  if (Status status = read_history(events); !status) return status.error();
  candidate_count = request.candidates;
  Filter asked = request.filter;
  if (Status status = leave_out_disliked(asked); !status) return status.error();
  if (internal::VectorRetrieval* vectors = retrievers ? retrievers->vectors() : nullptr) {
    // What an index finds was measured where a history is left out and no more.
    vectors->let_miss(!asked.exact && !asked.only && asked.where.empty() &&
                      request.reranking.caps.empty() && request.reranking.quotas.empty());
  }
  return filter.make(asked,
                     request.exclude_seen ? history : std::span<const internal::HistoryItem>());
}

// By all that the model has for this visitor.
Result<std::size_t> Recommender::State::best(internal::RowMask excluded, std::span<Pick> picks) {
  if (ranks()) return rank(excluded, picks);
  if (!wishes.empty()) return seldom<&State::best_of_all>(this, excluded, picks);
  if (!knows_visitor()) return popularity.best(excluded, picks);
  if (learned) return learned->best(excluded, picks);
  return encoder().best(excluded, picks);
}

// Of a new visitor the popular items.
Result<std::size_t> Recommender::State::find_candidates(internal::RowMask excluded,
                                                        std::span<ItemIndex> items) {
  if (knows_visitor()) return retrievers->candidates(excluded, items);
  if (Status status = wanted.reserve(items.size()); !status) return status.error();
  const Result<std::size_t> found = popularity.best(excluded, wanted.first(items.size()));
  for (std::size_t i = 0; found && i < *found; ++i) items[i] = wanted[i].item;
  return found;
}

// Retrieval hands candidates over; the ranker scores and orders them.
Result<std::size_t> Recommender::State::rank(internal::RowMask excluded, std::span<Pick> picks) {
  const std::size_t limit =
      std::min(std::max<std::size_t>(candidates(), picks.size()), model->item_count());
  const std::size_t room = wishes.empty() ? limit : 2 * limit;
  Status status = candidate_items.reserve(room);
  if (status) status = candidate_scores.reserve(room);
  if (status) status = gathered.allocate(room);
  if (!status) return status.error();

  const Result<std::size_t> found = find_candidates(excluded, candidate_items.first(limit));
  if (!found) return found.error();
  const Result<std::size_t> more =
      wishes.empty() ? 0 : seldom<&State::add_wanted>(this, excluded, *found, limit);
  if (!more) return more.error();
  const std::span<const ItemIndex> items = candidate_items.first(*found + *more);
  const std::span<float> scores = candidate_scores.first(items.size());
  status = score(items, scores);
  if (!status) return status.error();
  for (std::size_t i = 0; i < items.size(); ++i) gathered[i] = {items[i], scores[i]};
  return internal::copy_best(gathered.first(items.size()), picks);
}

// Of the retrieval's scores, or popularity's, moved.
Result<std::size_t> Recommender::State::best_of_all(internal::RowMask excluded,
                                                    std::span<Pick> picks) {
  std::array<ItemIndex, kBlock> items;
  std::array<float, kBlock> scores;
  const std::size_t room = internal::BestPicks::room(picks.size(), model->item_count());
  if (Status status = gathered.allocate(room); !status) return status.error();
  internal::BestPicks best(gathered.first(room), picks.size());
  for (std::size_t row = 0; row < model->item_count();) {
    std::size_t count = 0;
    for (; row < model->item_count() && count < kBlock; ++row) {
      if (!excluded[row]) items[count++] = to_item(row);
    }
    Status status =
        moved_scores(false, std::span(items).first(count), std::span(scores).first(count));
    if (!status) return status.error();
    for (std::size_t i = 0; i < count; ++i) best.add({items[i], scores[i]});
  }
  return internal::copy_best(best.all(), picks);
}

// Adds the items that come up when retrieval is moved too to the candidates; returns how many.
Result<std::size_t> Recommender::State::add_wanted(internal::RowMask excluded, std::size_t found,
                                                   std::size_t limit) {
  if (Status status = wanted.reserve(limit); !status) return status.error();
  if (Status status = taken.copy(model->item_count(), excluded); !status) return status.error();
  for (std::size_t i = 0; i < found; ++i) taken.leave_out(to_row(candidate_items[i]));
  const Result<std::size_t> more = best_of_all(taken.mask(), wanted.first(limit));
  if (!more) return more.error();
  for (std::size_t i = 0; i < *more; ++i) candidate_items[found + i] = wanted[i].item;
  return *more;
}

Result<std::size_t> Recommender::State::list(const Reranking& reranking, internal::RowMask excluded,
                                             std::span<Pick> picks) {
  if (!reranking.changes_order()) return best(excluded, picks);
  return reranker.list(reranking, excluded, barred, *this, picks);
}

// After a list was made with another user vector.
Status Recommender::State::score_anew(std::span<Pick> picks) {
  if (Status status = candidate_items.reserve(picks.size()); !status) return status;
  if (Status status = candidate_scores.reserve(picks.size()); !status) return status;
  for (std::size_t i = 0; i < picks.size(); ++i) candidate_items[i] = picks[i].item;
  Status status = score(candidate_items.first(picks.size()), candidate_scores.first(picks.size()));
  for (std::size_t i = 0; status && i < picks.size(); ++i) picks[i].score = candidate_scores[i];
  return status;
}

Result<std::size_t> Recommender::State::ask(internal::RowMask excluded, std::span<Pick> picks) {
  const std::size_t known = history.size();
  if (Status status = candidate_items.reserve(known); !status) return status.error();
  if (Status status = answered.reserve(known + picks.size()); !status) return status.error();
  for (std::size_t i = 0; i < known; ++i) candidate_items[i] = ItemIndex{history[i].row};
  const Reranking reranking{.pinned = candidate_items.first(known),
                            .diversity = Diversity::kDpp,
                            .strength = kQuizDiversity};
  PopularItems popular(popularity, model->item_count());
  const Result<std::size_t> length =
      reranker.list(reranking, excluded, {}, popular, answered.first(known + picks.size()));
  if (!length) return length;
  std::copy(answered.data() + known, answered.data() + *length, picks.begin());
  return *length - known;
}

}  // namespace palate
