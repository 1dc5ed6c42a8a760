// The parts of the runtime, put together behind the public interface.
#include "palate/recommender.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "runtime/attribute_bias.h"
#include "runtime/attribute_shares.h"
#include "runtime/best_picks.h"
#include "runtime/buffer.h"
#include "runtime/explain.h"
#include "runtime/filter.h"
#include "runtime/finite.h"
#include "runtime/history.h"
#include "runtime/mlp_ranker.h"
#include "runtime/popularity.h"
#include "runtime/ranker_input.h"
#include "runtime/reranker.h"
#include "runtime/retrievers.h"
#include "runtime/row_mask.h"
#include "runtime/taste.h"
#include "runtime/value_head.h"
#include "runtime/vector_retrieval.h"

namespace palate {
namespace {

using internal::Buffer;
using internal::HistoryItem;
using internal::Retrievers;
using internal::RowMask;
using internal::VectorRetrieval;

constexpr std::size_t kBlock = 256;  // items scored at once

Error unsupported(std::string message) {
  return {ErrorCode::kModelUnsupported, std::move(message)};
}

Error count_of_zero() {
  return {ErrorCode::kRequestInvalid, "a list of zero items was asked for; ask for at least one"};
}

constexpr float kMostExploration = 1000;
constexpr float kQuizDiversity = 0.5F;

/// Popularity as a source of candidates.
class PopularItems final : public internal::CandidateSource {
 public:
  PopularItems(const internal::Popularity& popularity, std::size_t items)
      : popularity_(popularity), items_(items) {}

  Result<std::size_t> best(RowMask excluded, std::span<Pick> picks) override {
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

struct Recommender::State final : internal::CandidateSource {
  explicit State(const Model& of)
      : model(&of), popularity(of), filter(of), reranker(of), attribute_shares(of), wishes(of) {}

  Status load();
  Status load_ranker();

  Status read_history(std::span<const Event> events);
  Status read_new_history(std::span<const Event> events);
  bool knows_visitor() const { return retrievers.has_value() && !history.empty(); }

  Result<RowMask> take(std::span<const Event> events, const Request& request);
  Result<std::size_t> best(RowMask excluded, std::span<Pick> picks) override;
  Result<std::size_t> rank(RowMask excluded, std::span<Pick> picks);
  std::uint32_t candidates() const {
    return candidate_count > 0 ? candidate_count : model->ranker()->candidates;
  }
  std::size_t most() const override { return ranker ? candidates() : model->item_count(); }
  Status score(std::span<const ItemIndex> items, std::span<float> scores) override;
  Result<std::size_t> list(const Reranking& reranking, RowMask excluded, std::span<Pick> picks);
  internal::FoldInSystem* posterior() {
    VectorRetrieval* vectors = retrievers ? retrievers->vectors() : nullptr;
    return vectors != nullptr ? vectors->posterior() : nullptr;
  }
  Status score_anew(std::span<Pick> picks);
  Result<std::size_t> ask(RowMask excluded, std::span<Pick> picks);
  void retrieval_scores(std::span<const ItemIndex> items, std::span<float> scores);
  Status visitor_scores(std::span<const ItemIndex> items, std::span<float> scores);
  Status plain_scores(bool by_ranker, std::span<const ItemIndex> items, std::span<float> scores);
  Result<float> deviation(bool by_ranker);
  Status moved_scores(bool by_ranker, float unit, std::span<const ItemIndex> items,
                      std::span<float> scores);
  Result<std::size_t> best_of_all(RowMask excluded, std::span<Pick> picks);
  Result<std::size_t> add_wanted(RowMask excluded, std::size_t found, std::size_t limit);
  Status predict(std::span<const ItemIndex> items, std::span<float> values);
  Result<Explanation> explain_plain(ItemIndex item);
  Result<Explanation> explain_retrieval(ItemIndex item, std::span<float> amounts);
  Result<Explanation> explain_ranker(ItemIndex item, std::span<float> amounts);

  Retrievers::Encoder& encoder() { return retrievers->encoder(); }

  const Model* model;
  internal::Popularity popularity;
  internal::FilterMask filter;
  internal::Reranker reranker;
  std::optional<Retrievers> retrievers;  // none: popularity ranks
  std::optional<internal::RankerInput> ranker_input;
  std::optional<internal::MlpRanker> ranker;
  std::optional<internal::RankerGradient> ranker_gradient;
  internal::HistoryMerger merger;
  internal::AttributeShares attribute_shares;
  internal::AttributeBias wishes;  // what the visitor asked for

  // The history that was read last.
  Buffer<Event> last_events;
  std::size_t event_count = 0;
  bool knows_history = false;

  // Of the request at hand.
  std::span<const HistoryItem> history;
  std::uint32_t candidate_count = 0;  // 0: the model's
  std::span<const ItemIndex> barred;  // not even pinned
  Buffer<ItemIndex> candidate_items;
  Buffer<Pick> answered;  // the history before the questions
  Buffer<float> candidate_scores;
  Buffer<Pick> wanted;
  internal::RowBits taken;
  Buffer<float> amounts;
};

Status Recommender::State::load() {
  if (model->encoder() == EncoderKind::kPopularity) return Done{};
  Result<Retrievers> made = Retrievers::create(*model);
  if (!made) return made.error();
  retrievers = std::move(*made);
  return model->ranker() != nullptr ? load_ranker() : Done{};
}

Status Recommender::State::load_ranker() {
  auto made_input = internal::RankerInput::create(*model, *retrievers);
  if (!made_input) return made_input.error();
  ranker_input = std::move(*made_input);
  auto made_ranker = internal::MlpRanker::create(*model);
  if (!made_ranker) return made_ranker.error();
  ranker = std::move(*made_ranker);
  auto made_gradient =
      internal::RankerGradient::create(*model, *ranker, *ranker_input, *retrievers);
  if (!made_gradient) return made_gradient.error();
  ranker_gradient = std::move(*made_gradient);
  return Done{};
}

// Merges the events and, where the model has an encoder, runs it and all that is beside it; a list
// and then the reasons of its items ask for the same history again and again.
Status Recommender::State::read_history(std::span<const Event> events) {
  if (knows_history && events.size() == event_count &&
      (events.empty() ||
       std::memcmp(events.data(), last_events.data(), events.size_bytes()) == 0)) {
    return Done{};
  }
  knows_history = false;
  if (Status status = last_events.reserve(events.size()); !status) return status;
  std::copy(events.begin(), events.end(), last_events.data());
  event_count = events.size();
  Status status = read_new_history(events);
  knows_history = status.ok();
  return status;
}

Status Recommender::State::read_new_history(std::span<const Event> events) {
  auto merged = merger.merge(events, model->item_count(), model->event_types().size());
  if (!merged) return merged.error();
  history = merged->items;
  if (!knows_visitor()) return Done{};
  Status status = retrievers->set_history(*merged);
  return status && ranker_input ? ranker_input->set_history(history) : status;
}

// Reads the history, and gives what the request leaves out.
Result<RowMask> Recommender::State::take(std::span<const Event> events, const Request& request) {
  if (Status status = read_history(events); !status) return status.error();
  candidate_count = request.candidates;
  barred = request.filter.exclude;
  return filter.make(request.filter,
                     request.exclude_seen ? history : std::span<const HistoryItem>());
}

// By all that the model has for this visitor.
Result<std::size_t> Recommender::State::best(RowMask excluded, std::span<Pick> picks) {
  if (ranker && knows_visitor()) return rank(excluded, picks);
  if (!wishes.empty()) return best_of_all(excluded, picks);
  if (!knows_visitor()) return popularity.best(excluded, picks);
  return std::visit([&](auto& kind) { return kind.best(excluded, picks); }, encoder());
}

// Retrieval hands candidates over; the ranker scores and orders them.
Result<std::size_t> Recommender::State::rank(RowMask excluded, std::span<Pick> picks) {
  const std::size_t limit =
      std::min(std::max<std::size_t>(candidates(), picks.size()), model->item_count());
  const std::size_t room = wishes.empty() ? limit : 2 * limit;
  if (Status status = candidate_items.reserve(room); !status) return status.error();
  if (Status status = candidate_scores.reserve(room); !status) return status.error();

  const Result<std::size_t> found = retrievers->candidates(excluded, candidate_items.first(limit));
  if (!found) return found.error();
  const Result<std::size_t> more = wishes.empty() ? 0 : add_wanted(excluded, *found, limit);
  if (!more) return more.error();
  const std::span<const ItemIndex> items = candidate_items.first(*found + *more);
  const std::span<float> scores = candidate_scores.first(items.size());
  if (Status status = score(items, scores); !status) return status.error();
  internal::BestPicks best(picks);
  for (std::size_t i = 0; i < items.size(); ++i) best.add({items[i], scores[i]});
  return best.finish();
}

void Recommender::State::retrieval_scores(std::span<const ItemIndex> items,
                                          std::span<float> scores) {
  std::visit([&](const auto& kind) { kind.score(items, scores); }, encoder());
}

// By the ranker where there is one.
Status Recommender::State::visitor_scores(std::span<const ItemIndex> items,
                                          std::span<float> scores) {
  if (ranker) return ranker->score(*ranker_input, items, scores);
  retrieval_scores(items, scores);
  return Done{};
}

// As if the visitor had asked for nothing.
Status Recommender::State::plain_scores(bool by_ranker, std::span<const ItemIndex> items,
                                        std::span<float> scores) {
  if (!knows_visitor()) {
    std::transform(items.begin(), items.end(), scores.begin(),
                   [this](ItemIndex item) { return popularity.score(item); });
    return Done{};
  }
  if (by_ranker) return visitor_scores(items, scores);
  retrieval_scores(items, scores);
  return Done{};
}

// What one unit of an adjustment comes to.
Result<float> Recommender::State::deviation(bool by_ranker) {
  std::array<ItemIndex, kBlock> items;
  std::array<float, kBlock> scores;
  const std::size_t count = std::min(kBlock, model->item_count());
  for (std::size_t row = 0; row < count; ++row) items[row] = to_item(row);
  Status status =
      plain_scores(by_ranker, std::span(items).first(count), std::span(scores).first(count));
  if (!status) return status.error();
  constexpr double kRounding = 1e-6;  // of scores that are all the same
  double mean = 0;
  double variance = 0;
  for (std::size_t i = 0; i < count; ++i) mean += scores[i] / static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) variance += (scores[i] - mean) * (scores[i] - mean);
  const double found = std::sqrt(variance / static_cast<double>(count));
  return found > kRounding * std::abs(mean) ? static_cast<float>(found) : 1;
}

Status Recommender::State::moved_scores(bool by_ranker, float unit,
                                        std::span<const ItemIndex> items, std::span<float> scores) {
  if (Status status = plain_scores(by_ranker, items, scores); !status) return status;
  for (std::size_t i = 0; i < items.size(); ++i) scores[i] += unit * wishes.of(items[i]);
  if (!internal::all_finite(scores)) return internal::not_finite("a score");
  return Done{};
}

Status Recommender::State::score(std::span<const ItemIndex> items, std::span<float> scores) {
  const Result<float> unit = wishes.empty() ? 0.0F : deviation(true);
  return unit ? moved_scores(true, *unit, items, scores) : unit.error();
}

// Of the retrieval's scores, or popularity's, moved.
Result<std::size_t> Recommender::State::best_of_all(RowMask excluded, std::span<Pick> picks) {
  const Result<float> unit = deviation(false);
  if (!unit) return unit.error();
  std::array<ItemIndex, kBlock> items;
  std::array<float, kBlock> scores;
  internal::BestPicks best(picks);
  for (std::size_t row = 0; row < model->item_count();) {
    std::size_t count = 0;
    for (; row < model->item_count() && count < kBlock; ++row) {
      if (!excluded[row]) items[count++] = to_item(row);
    }
    Status status =
        moved_scores(false, *unit, std::span(items).first(count), std::span(scores).first(count));
    if (!status) return status.error();
    for (std::size_t i = 0; i < count; ++i) best.add({items[i], scores[i]});
  }
  return best.finish();
}

// Adds the items that come up when retrieval is moved too to the candidates; returns how many.
Result<std::size_t> Recommender::State::add_wanted(RowMask excluded, std::size_t found,
                                                   std::size_t limit) {
  if (Status status = wanted.reserve(limit); !status) return status.error();
  if (Status status = taken.copy(model->item_count(), excluded); !status) return status.error();
  for (std::size_t i = 0; i < found; ++i) taken.leave_out(to_row(candidate_items[i]));
  const Result<std::size_t> more = best_of_all(taken.mask(), wanted.first(limit));
  if (!more) return more.error();
  for (std::size_t i = 0; i < *more; ++i) candidate_items[found + i] = wanted[i].item;
  return *more;
}

Result<std::size_t> Recommender::State::list(const Reranking& reranking, RowMask excluded,
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

Result<std::size_t> Recommender::State::ask(RowMask excluded, std::span<Pick> picks) {
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

// Values of the items for the visitor whose history was read (palate/model.h, ValueHeadView).
Status Recommender::State::predict(std::span<const ItemIndex> items, std::span<float> values) {
  const ValueHeadView& head = *model->value_head();
  if (model->encoder() == EncoderKind::kValueFoldIn) {
    const internal::ScoreOffset baseline(*model);
    std::transform(items.begin(), items.end(), values.begin(),
                   [&](ItemIndex item) { return baseline[to_row(item)]; });
    Status status = knows_visitor() ? visitor_scores(items, values) : Done{};
    if (!status) return status;
    for (float& value : values) value = std::clamp(value, head.minimum, head.maximum);
    return Done{};
  }
  std::fill(values.begin(), values.end(), 0.0F);
  if (knows_visitor()) retrieval_scores(items, values);
  const double bias = internal::visitor_bias(head, history);
  for (std::size_t i = 0; i < items.size(); ++i) {
    values[i] = internal::predicted_value(head, bias, items[i], values[i]);
  }
  return Done{};
}

Result<Explanation> Recommender::State::explain_retrieval(ItemIndex item,
                                                          std::span<float> item_amounts) {
  float score = 0;
  retrieval_scores({&item, 1}, {&score, 1});
  Status status =
      std::visit([&](auto& kind) { return kind.contributions(item, item_amounts); }, encoder());
  if (!status) return status.error();
  const Result<float> base = std::visit([&](auto& kind) { return kind.base(item); }, encoder());
  if (!base) return base.error();
  return internal::explanation_of(score, *base, history, item_amounts);
}

Result<Explanation> Recommender::State::explain_ranker(ItemIndex item,
                                                       std::span<float> item_amounts) {
  Status status = ranker_gradient->measure(item, item_amounts);
  if (!status) return status.error();
  return internal::explanation_of(ranker_gradient->score(), ranker_gradient->base(), history,
                                  item_amounts);
}

Result<Explanation> Recommender::State::explain_plain(ItemIndex item) {
  if (!knows_visitor()) {
    Explanation explanation;
    explanation.score = explanation.base = popularity.score(item);
    return explanation;
  }
  if (Status status = amounts.reserve(history.size()); !status) return status.error();
  const std::span<float> item_amounts = amounts.first(history.size());
  Result<Explanation> explanation =
      ranker ? explain_ranker(item, item_amounts) : explain_retrieval(item, item_amounts);
  if (!explanation) return explanation;
  Status status =
      attribute_shares.share_out(item, explanation->contributions, explanation->attributes);
  if (!status) return status.error();
  return explanation;
}

Recommender::Recommender(std::unique_ptr<State> state) : state_(std::move(state)) {}
Recommender::Recommender(Recommender&&) noexcept = default;
Recommender& Recommender::operator=(Recommender&&) noexcept = default;
Recommender::~Recommender() = default;

Result<Recommender> Recommender::create(const Model& model) {
  if (model.item_count() == 0) {
    return unsupported("the model has no items to rank: it scores rows of features");
  }
  std::unique_ptr<State> state(new (std::nothrow) State(model));
  if (state == nullptr) return Error{ErrorCode::kMemory, "no memory for a recommender"};
  if (Status status = state->load(); !status) return status.error();
  return Recommender(std::move(state));
}

Result<std::size_t> Recommender::best(std::span<const Event> history, const Request& request,
                                      std::span<Pick> picks) {
  if (picks.empty()) return count_of_zero();
  const Result<RowMask> excluded = state_->take(history, request);
  if (!excluded) return excluded.error();
  return state_->best(*excluded, picks);
}

Result<std::size_t> Recommender::recommend(std::span<const Event> history, const Request& request,
                                           std::span<Pick> picks) {
  const Exploration& exploration = request.exploration;
  if (picks.empty()) return count_of_zero();
  if (!(exploration.strength >= 0 && exploration.strength <= kMostExploration)) {
    return Error{ErrorCode::kRequestInvalid, "the strength of exploration is not from 0 to 1000"};
  }
  const Result<RowMask> excluded = state_->take(history, request);
  if (!excluded) return excluded.error();
  if (exploration.strength == 0) return state_->list(request.reranking, *excluded, picks);
  if (state_->posterior() == nullptr) {
    return unsupported(
        "exploring needs a visitor's vector with a covariance: train with the recipe ials, rating, "
        "or a hybrid of them");
  }
  if (!state_->knows_visitor()) return state_->list(request.reranking, *excluded, picks);
  VectorRetrieval& vectors = *state_->retrievers->vectors();
  vectors.explore(exploration.strength, exploration.seed);
  const Result<std::size_t> length = state_->list(request.reranking, *excluded, picks);
  Status status = vectors.settle();
  if (status && length) status = state_->score_anew(picks.first(*length));
  return status ? length : status.error();
}

Result<std::size_t> Recommender::ask(std::span<const Event> history, const Filter& filter,
                                     std::span<Pick> picks) {
  if (picks.empty()) return count_of_zero();
  const Result<RowMask> excluded = state_->take(history, {.filter = filter});
  if (!excluded) return excluded.error();
  return state_->ask(*excluded, picks);
}

Status Recommender::score(std::span<const Event> history, std::span<const ItemIndex> items,
                          std::span<float> scores) {
  assert(items.size() == scores.size());
  if (Status status = internal::check_items(*state_->model, items); !status) return status;
  if (Status status = state_->read_history(history); !status) return status;
  return state_->score(items, scores);
}

Result<std::size_t> Recommender::similar(ItemIndex item, std::span<Pick> picks,
                                         const Filter& filter) {
  if (picks.empty()) return count_of_zero();
  if (Status status = internal::check_items(*state_->model, {&item, 1}); !status)
    return status.error();
  if (!state_->retrievers) {
    return unsupported(
        "this model ranks by popularity alone, so it knows of no item that is similar to another; "
        "train one with any other recipe");
  }
  const HistoryItem itself{.row = static_cast<std::uint32_t>(to_row(item))};
  const Result<RowMask> excluded = state_->filter.make(filter, {&itself, 1});
  if (!excluded) return excluded.error();
  return std::visit([&](auto& kind) { return kind.similar(item, *excluded, picks); },
                    state_->encoder());
}

Result<Explanation> Recommender::explain(std::span<const Event> history, ItemIndex item) {
  if (Status status = internal::check_items(*state_->model, {&item, 1}); !status)
    return status.error();
  if (Status status = state_->read_history(history); !status) return status.error();
  Result<Explanation> explanation = state_->explain_plain(item);
  if (!explanation || state_->wishes.empty()) return explanation;
  const Result<float> unit = state_->deviation(true);
  if (!unit) return unit.error();
  state_->wishes.append(item, *unit, explanation->adjustments);
  for (const AttributeContribution& moved : explanation->adjustments) {
    explanation->score += moved.amount;
  }
  return explanation;
}

Status Recommender::adjust(std::span<const Adjustment> adjustments) {
  return state_->wishes.set(adjustments);
}

Result<std::vector<Taste>> Recommender::taste(std::span<const Event> history) {
  if (Status status = state_->read_history(history); !status) return status.error();
  return internal::taste_of(*state_->model, state_->history, state_->wishes);
}

Status Recommender::predict_values(std::span<const Event> history, std::span<const ItemIndex> items,
                                   std::span<float> values) {
  assert(items.size() == values.size());
  if (state_->model->value_head() == nullptr) {
    return unsupported("this model predicts no values: the log it was trained on had none");
  }
  if (Status status = internal::check_items(*state_->model, items); !status) return status;
  if (Status status = state_->read_history(history); !status) return status;
  if (Status status = state_->predict(items, values); !status) return status;
  if (!internal::all_finite(values)) return internal::not_finite("a predicted value");
  return Done{};
}

Status Recommender::user_vector(std::span<const Event> history, std::span<float> vector) {
  assert(vector.size() == state_->model->dimension());
  if (Status status = state_->read_history(history); !status) return status;
  const VectorRetrieval* vectors =
      state_->knows_visitor() ? state_->retrievers->vectors() : nullptr;
  if (vectors != nullptr) {
    std::copy_n(vectors->user_vector().begin(), vector.size(), vector.begin());
  } else {
    std::fill(vector.begin(), vector.end(), 0.0F);
  }
  return Done{};
}

}  // namespace palate
