// Each retriever's list, and one list out of all by turns.
#include "runtime/retrievers.h"

#include <algorithm>
#include <utility>

#include "palate/seldom.h"
#include "runtime/item_weights.h"

namespace palate::internal {

Result<Retrievers> Retrievers::create(const Model& model) {
  Retrievers retrievers;
  Status status = retrievers.add_encoder(model);
  if (status && model.ranker() != nullptr) status = retrievers.add_further(model);
  if (!status) return status.error();
  return retrievers;
}

Status Retrievers::add_encoder(const Model& model) {
  if (const ItemWeightsView* rows = model.item_weights()) {
    auto made = seldom<&ItemWeightsRetrieval::create>(*rows, model);
    if (!made) return made.error();
    encoder_ = std::move(*made);
    return Done{};
  }
  auto made = VectorRetrieval::create(model);
  if (!made) return made.error();
  vectors_ = made->get();
  encoder_ = std::move(*made);
  return Done{};
}

Status Retrievers::add_further(const Model& model) {
  const std::span<const ItemWeightsView> all = model.ranker()->retrievers;
  if (all.empty()) return Done{};
  for (const ItemWeightsView& rows : all) {
    auto made = seldom<&ItemWeightsRetrieval::create>(rows, model);
    if (!made) return made.error();
    further_.push_back(std::move(*made));
  }
  Status status = taken_.reserve(model.item_count());
  return status ? lengths_.reserve(1 + further_.size()) : status;
}

Status Retrievers::set_history(const MergedHistory& history) {
  Status status = encoder_->set_history(history);
  for (const auto& retrieval : further_) {
    if (status) status = retrieval->set_history(history);
  }
  return status;
}

Result<std::size_t> Retrievers::candidates(RowMask excluded, std::span<ItemIndex> items) {
  const std::size_t lists = 1 + further_.size();
  if (Status status = lists_.reserve(lists, items.size()); !status) return status.error();
  for (std::size_t i = 0; i < lists; ++i) {
    const std::span<Pick> list{lists_.data() + i * items.size(), items.size()};
    const Result<std::size_t> found = (i > 0 ? further_[i - 1] : encoder_)->best(excluded, list);
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
