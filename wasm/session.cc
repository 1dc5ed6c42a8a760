// One visitor's session with one model: the runtime in the shape in which a page calls it.
#include "session.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

namespace palate {
namespace {

constexpr std::size_t kAlignment = 16;  // what Model::open asks for

}  // namespace

void Session::Free::operator()(std::byte* data) const { std::free(data); }

std::span<std::byte> Session::allocate(std::size_t size) {
  recommender_.reset();
  model_.reset();
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

bool Session::open() {
  if (file_ == nullptr) {
    return fail({ErrorCode::kMemory, "the browser refused the memory for the model file"});
  }
  Result<Model> model = Model::open({file_.get(), size_});
  if (!model) return fail(model.error());
  model_ = std::move(*model);
  Result<Recommender> recommender = Recommender::create(*model_);
  if (!recommender) return fail(recommender.error());
  recommender_ = std::move(*recommender);
  return true;
}

std::span<Event> Session::resize_history(std::size_t count) {
  history_.assign(count, Event{});
  return history_;
}

std::span<ItemIndex> Session::resize_items(std::size_t count) {
  items_.resize(count);
  return items_;
}

bool Session::recommend(std::size_t count, bool exclude_seen) {
  // More picks than items can never come back, and a page may well ask for "all" with a huge count.
  picks_.resize(std::min(count, model_->item_count()));
  return keep(recommender_->recommend(history_, {.exclude_seen = exclude_seen}, picks_));
}

bool Session::similar(ItemIndex item, std::size_t count) {
  picks_.resize(std::min(count, model_->item_count()));
  return keep(recommender_->similar(item, picks_));
}

bool Session::score() {
  scores_.resize(items_.size());
  if (Status status = recommender_->score(history_, items_, scores_); !status) {
    return fail(status.error());
  }
  picks_.resize(items_.size());
  for (std::size_t i = 0; i < items_.size(); ++i) picks_[i] = {items_[i], scores_[i]};
  return true;
}

bool Session::explain(ItemIndex item) {
  Result<Explanation> explanation = recommender_->explain(history_, item);
  if (!explanation) return fail(explanation.error());
  explanation_ = std::move(*explanation);
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
