// One visitor's session with one model: the runtime in the shape in which a page calls it.
#include "session.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

namespace palate {
namespace {

constexpr std::size_t kAlignment = 16;  // what Model::open asks for

template <class T>
std::span<const T> take(const std::byte*& next, std::size_t count) {
  const auto* first = reinterpret_cast<const T*>(next);
  next += count * sizeof(T);
  return {first, count};
}

}  // namespace

void Session::Free::operator()(std::byte* data) const { std::free(data); }

void Session::close() {
  visitor_.reset();
  recommender_.reset();
  scorer_.reset();
  model_.reset();
}

std::span<std::byte> Session::allocate(std::size_t size) {
  close();
  file_.reset();
  size_ = 0;
  if (size > std::numeric_limits<std::size_t>::max() - kAlignment) return {};
  // aligned_alloc wants a multiple of the alignment, and more than nothing.
  const std::size_t room = (size / kAlignment + 1) * kAlignment;
  file_.reset(static_cast<std::byte*>(std::aligned_alloc(kAlignment, room)));
  if (file_ == nullptr) return {};
  size_ = size;
  return {file_.get(), size_};
}

bool Session::open(const VisitorSettings& settings, Checksum checksum) {
  if (file_ == nullptr) {
    return fail({ErrorCode::kMemory, "the browser refused the memory for the model file"});
  }
  close();
  Result<Model> model = Model::open({file_.get(), size_}, checksum);
  if (!model) return fail(model.error());
  model_ = std::move(*model);
  if (model_->item_count() > 0) {
    Result<Recommender> recommender = Recommender::create(*model_);
    if (!recommender) return fail(recommender.error());
    recommender_ = std::move(*recommender);
    visitor_.emplace(*model_, *recommender_, settings);
  }
  if (model_->tabular() == nullptr) return true;
  Result<Scorer> scorer = seldom<&Scorer::create>(*model_);
  if (!scorer) return fail(scorer.error());
  scorer_ = std::move(*scorer);
  return true;
}

bool Session::use_index() {
  if (!ranks()) return false;
  Status status = recommender_->use_index();
  return status ? true : fail(status.error());
}

bool Session::ranks() {
  if (recommender_) return true;
  return fail({ErrorCode::kModelUnsupported,
               "the model has no items to rank: ask it for the score of features"});
}

std::span<std::byte> Session::desk(std::size_t size) {
  desk_.assign(size, std::byte{});
  return desk_;
}

bool Session::take_history(std::size_t count) {
  if (!visitor_) return false;
  const auto events = taken<VisitorEvent>(count);
  visitor_->set_events({events.begin(), events.end()});
  return visitor_->is_behind();
}

bool Session::learn() {
  Status status = visitor_->learn();
  return status ? true : fail(status.error());
}

const std::span<const float>& Session::encoder_state() {
  encoder_state_ = {};
  if (recommender_) encoder_state_ = recommender_->encoder_state(visitor_->history());
  return encoder_state_;
}

bool Session::restore_encoder(std::size_t count) {
  return recommender_ && recommender_->restore_encoder(taken<float>(count));
}

std::span<const std::int32_t> Session::find(std::size_t count) {
  const auto lengths = taken<std::uint32_t>(count);
  const char* text = reinterpret_cast<const char*>(lengths.data() + count);
  rows_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto item = model_->find({text, lengths[i]});
    rows_[i] = item ? static_cast<std::int32_t>(to_row(*item)) : -1;
    text += lengths[i];
  }
  return rows_;
}

Request Session::request() const {
  const auto& head = taken<RequestHead>(1).front();
  const std::byte* next = desk_.data() + sizeof(head);
  Request request;
  request.exclude_seen = head.exclude_seen != 0;
  request.filter.exclude = take<ItemIndex>(next, head.excluded);
  const auto only = take<ItemIndex>(next, head.only);
  if (head.has_only != 0) request.filter.only = only;
  request.filter.where = take<Condition>(next, head.conditions);
  request.filter.exact = head.exact != 0;
  Reranking& reranking = request.reranking;
  reranking.pinned = take<ItemIndex>(next, head.pinned);
  reranking.caps = take<Cap>(next, head.caps);
  reranking.quotas = take<Quota>(next, head.quotas);
  reranking.handicaps = take<Handicap>(next, head.handicaps);
  reranking.pool = head.pool;
  reranking.diversity = static_cast<Diversity>(head.diversity);
  reranking.strength = head.strength;
  reranking.popularity = head.popularity;
  if (head.has_freshness != 0) reranking.freshness = head.freshness;
  request.exploration = {head.exploration, head.seed};
  return request;
}

std::span<Pick> Session::resize_picks(std::size_t count) {
  // More picks than items can never come back, and a page may well ask for "all" with a huge count.
  picks_.resize(std::min(count, model_->item_count()));
  return picks_;
}

bool Session::best(std::size_t count) {
  if (!ranks()) return false;
  return keep(recommender_->best(visitor_->history(), request(), resize_picks(count)));
}

bool Session::rerank(std::size_t count) {
  if (!ranks()) return false;
  return keep(recommender_->recommend(visitor_->history(), request(), resize_picks(count)));
}

bool Session::similar(ItemIndex item, std::size_t count) {
  if (!ranks()) return false;
  return keep(recommender_->similar(item, resize_picks(count), request().filter));
}

bool Session::ask(std::size_t count) {
  if (!ranks()) return false;
  return keep(recommender_->ask(visitor_->history(), request().filter, resize_picks(count)));
}

bool Session::score(std::size_t count) {
  if (!ranks()) return false;
  const auto items = taken<ItemIndex>(count);
  scores_.resize(count);
  if (Status status = recommender_->score(visitor_->history(), items, scores_); !status) {
    return fail(status.error());
  }
  picks_.resize(count);
  for (std::size_t i = 0; i < count; ++i) picks_[i] = {items[i], scores_[i]};
  return true;
}

bool Session::explain(ItemIndex item) {
  if (!ranks()) return false;
  Result<Explanation> explanation = recommender_->explain(visitor_->history(), item);
  if (!explanation) return fail(explanation.error());
  explanation_ = std::move(*explanation);
  return true;
}

bool Session::adjust(std::size_t count) {
  if (!ranks()) return false;
  Status status = recommender_->adjust(taken<Adjustment>(count));
  return status ? true : fail(status.error());
}

bool Session::taste() {
  if (!ranks()) return false;
  Result<std::vector<Taste>> found = recommender_->taste(visitor_->history());
  if (!found) return fail(found.error());
  tastes_ = std::move(*found);
  return true;
}

std::span<const TabularColumnView> Session::tabular_columns() const {
  const TabularView* tabular = model_->tabular();
  return tabular == nullptr ? std::span<const TabularColumnView>() : tabular->columns;
}

std::span<const TabularColumnView> Session::context_columns() const {
  const RankerView* ranker = model_->ranker();
  return ranker == nullptr ? std::span<const TabularColumnView>() : ranker->context;
}

const TabularColumnView& Session::column(std::size_t index) const {
  const std::size_t first = tabular_columns().size();
  return index < first ? tabular_columns()[index] : context_columns()[index - first];
}

void Session::clear_row() { row_.assign(column_count(), Cell{}); }

void Session::add_category(std::size_t index, std::string_view category) {
  const std::uint32_t entry = column(index).row_of(category);
  std::vector<std::uint32_t>& entries = row_[index].entries;
  if (std::find(entries.begin(), entries.end(), entry) == entries.end()) entries.push_back(entry);
}

std::vector<CellsView> Session::cells(std::size_t first, std::size_t count) {
  std::vector<CellsView> columns;
  for (std::size_t c = first; c < first + count; ++c) {
    Cell& cell = row_[c];
    if (cell.entries.empty()) cell.entries.push_back(column(c).missing_row());
    cell.offsets[1] = static_cast<std::uint32_t>(cell.entries.size());
    columns.push_back({{&cell.number, 1}, cell.offsets, cell.entries});
  }
  return columns;
}

bool Session::set_context() {
  if (!ranks()) return false;
  Status status =
      recommender_->set_context(cells(tabular_columns().size(), context_columns().size()));
  return status ? true : fail(status.error());
}

bool Session::score_row() {
  Result<ScoreExplanation> explanation = scorer_->explain(cells(0, tabular_columns().size()), 0);
  if (!explanation) return fail(explanation.error());
  row_explanation_ = std::move(*explanation);
  const ScoreExplanation& row = row_explanation_;
  row_numbers_ = {scorer_->score_of(row.sum),
                  scorer_->score_of(row.linear_sum),
                  row.sum,
                  row.base,
                  row.remainder,
                  row.linear_sum,
                  row.linear_base};
  return true;
}

bool Session::fail(Error error) {
  error_ = std::move(error);
  return false;
}

bool Session::keep(Result<std::size_t> written) {
  if (!written) return fail(written.error());
  picks_.resize(*written);
  return true;
}

}  // namespace palate
