// Each retriever's list, and one list out of all by turns.
#include "runtime/retrievers.h"

#include <algorithm>
#include <utility>

namespace palate::internal {
namespace {

template <class T>
Result<Retrievers::Encoder> as_encoder(Result<T> retrieval) {
  if (!retrieval) return retrieval.error();
  return Retrievers::Encoder(std::move(*retrieval));
}

}  // namespace

Result<Retrievers> Retrievers::create(const Model& model) {
  const ItemWeightsView* rows = model.item_weights();
  Result<Encoder> encoder = rows != nullptr ? as_encoder(ItemWeightsRetrieval::create(*rows, model))
                                            : as_encoder(VectorRetrieval::create(model));
  if (!encoder) return encoder.error();
  Retrievers retrievers(std::move(*encoder));
  if (model.ranker() == nullptr || model.ranker()->retrievers.empty()) return retrievers;
  for (const ItemWeightsView& further : model.ranker()->retrievers) {
    Result<ItemWeightsRetrieval> made = ItemWeightsRetrieval::create(further, model);
    if (!made) return made.error();
    retrievers.further_.push_back(std::move(*made));
  }
  Status status = retrievers.taken_.reserve(model.item_count());
  if (status) status = retrievers.lengths_.reserve(1 + retrievers.further_.size());
  if (!status) return status.error();
  return retrievers;
}

Status Retrievers::set_history(const MergedHistory& history) {
  Status status = std::visit([&](auto& kind) { return kind.set_history(history); }, encoder_);
  for (ItemWeightsRetrieval& retrieval : further_) {
    if (status) status = retrieval.set_history(history);
  }
  return status;
}

float Retrievers::score(ItemIndex item) const {
  float score = 0;
  std::visit([&](const auto& kind) { kind.score({&item, 1}, {&score, 1}); }, encoder_);
  return score;
}

Result<std::size_t> Retrievers::candidates(RowMask excluded, std::span<ItemIndex> items) {
  const std::size_t lists = 1 + further_.size();
  if (Status status = lists_.reserve(lists, items.size()); !status) return status.error();
  for (std::size_t i = 0; i < lists; ++i) {
    const std::span<Pick> list{lists_.data() + i * items.size(), items.size()};
    const Result<std::size_t> found =
        i > 0 ? further_[i - 1].best(excluded, list)
              : std::visit([&](auto& kind) { return kind.best(excluded, list); }, encoder_);
    if (!found) return found.error();
    if (lists > 1) {
      lengths_[i] = *found;
      continue;
    }
    std::transform(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(*found), items.begin(),
                   [](const Pick& pick) { return pick.item; });
    return *found;
  }
  return take_turns(lists, items.size(), items);
}

Result<std::size_t> Retrievers::take_turns(std::size_t lists, std::size_t length,
                                           std::span<ItemIndex> items) {
  ++request_;
  std::size_t count = 0;
  for (std::size_t place = 0; place < length; ++place) {
    for (std::size_t i = 0; i < lists && count < items.size(); ++i) {
      if (place >= lengths_[i]) continue;
      const ItemIndex item = lists_[i * length + place].item;
      std::uint32_t& taken = taken_[to_row(item)];
      if (taken != request_) items[count++] = item;
      taken = request_;
    }
  }
  return count;
}

}  // namespace palate::internal
