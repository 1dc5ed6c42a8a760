// Exact lists of real histories, and where the lists of their items stand by the centroids.
#include "compress/list_depths.h"

#include <algorithm>
#include <utility>

#include "runtime/history.h"
#include "runtime/row_mask.h"
#include "runtime/top_k.h"
#include "runtime/vector_retrieval.h"

namespace palate::internal {
namespace {

/// One thread's retrieval, and what it has seen.
class Observer {
 public:
  static Result<Observer> create(const Model& model, const ItemLists& lists,
                                 std::span<const std::uint32_t> sizes, std::uint32_t length) {
    auto retrieval = VectorRetrieval::create(model);
    if (!retrieval) return retrieval.error();
    return Observer(model, lists, sizes, length, std::move(*retrieval));
  }

  Status add(std::span<const Event> history) {
    const auto merged = merger_.merge(history, model_->item_count(), model_->event_types().size());
    if (!merged) return merged.error();
    Status status = retrieval_->set_history(*merged);
    if (status) status = seen_.reset(model_->item_count(), false);
    if (!status) return status;
    for (const HistoryItem& item : merged->items) seen_.leave_out(item.row);
    const Result<std::size_t> count = retrieval_->best(seen_.mask(), picks_);
    if (!count) return count.error();
    return count_lists(std::span(picks_).first(*count));
  }

  void add_to(ListDepths& sum) const {
    sum.histories += depths_.histories;
    sum.sought += depths_.sought;
    for (std::size_t p = 0; p < order_.size(); ++p) {
      sum.found[p] += depths_.found[p];
      sum.looked[p] += depths_.looked[p];
    }
  }

 private:
  Observer(const Model& model, const ItemLists& lists, std::span<const std::uint32_t> sizes,
           std::uint32_t length, std::unique_ptr<VectorRetrieval> retrieval)
      : model_(&model),
        lists_(&lists),
        sizes_(sizes),
        retrieval_(std::move(retrieval)),
        picks_(std::min<std::size_t>(length, model.item_count())),
        order_(sizes.size()),
        places_(sizes.size()) {
    centroids_.rows = static_cast<std::uint32_t>(sizes.size());
    centroids_.columns = model.dimension();
    centroids_.values = lists.centroids;
    depths_.found.resize(sizes.size());
    depths_.looked.resize(sizes.size());
  }

  Status count_lists(std::span<const Pick> picks) {
    const TopKQuery query = {
        .table = centroids_, .vector = retrieval_->user_vector(), .row_scale = {}, .excluded = {}};
    if (!top_k(query, order_.size(), order_)) {
      return Error{ErrorCode::kModelMeaning, "the score of a list of items is not finite"};
    }
    for (std::size_t p = 0; p < order_.size(); ++p) {
      places_[to_row(order_[p].item)] = p;
      depths_.looked[p] += sizes_[to_row(order_[p].item)];
    }
    for (const Pick& pick : picks) ++depths_.found[places_[lists_->lists[to_row(pick.item)]]];
    depths_.sought += picks.size();
    ++depths_.histories;
    return Done{};
  }

  const Model* model_;
  const ItemLists* lists_;
  std::span<const std::uint32_t> sizes_;  // of the lists
  std::unique_ptr<VectorRetrieval> retrieval_;
  TableView centroids_;
  HistoryMerger merger_;
  RowBits seen_;
  std::vector<Pick> picks_;
  std::vector<Pick> order_;  // of the lists
  std::vector<std::size_t> places_;
  ListDepths depths_;
};

std::vector<std::uint32_t> sizes_of(const ItemLists& lists, std::size_t dimension) {
  std::vector<std::uint32_t> sizes(lists.centroids.size() / dimension);
  for (const std::uint16_t list : lists.lists) ++sizes[list];
  return sizes;
}

std::uint64_t sum_of_first(const std::vector<std::uint64_t>& counts, std::uint32_t probes) {
  std::uint64_t sum = 0;
  for (std::uint32_t p = 0; p < probes; ++p) sum += counts[p];
  return sum;
}

}  // namespace

double ListDepths::recall(std::uint32_t probes) const {
  return static_cast<double>(sum_of_first(found, probes)) / static_cast<double>(sought);
}

double ListDepths::share(std::uint32_t probes, std::size_t items) const {
  return static_cast<double>(sum_of_first(looked, probes)) /
         (static_cast<double>(histories) * static_cast<double>(items));
}

Result<ListDepths> measure_list_depths(const Model& model, const ItemLists& lists,
                                       std::span<const std::vector<Event>> histories,
                                       std::size_t first, std::size_t stride, std::uint32_t length,
                                       ThreadPool& threads) {
  const std::vector<std::uint32_t> sizes = sizes_of(lists, model.dimension());
  std::vector<Observer> observers;
  for (unsigned worker = 0; worker < threads.size(); ++worker) {
    Result<Observer> observer = Observer::create(model, lists, sizes, length);
    if (!observer) return observer.error();
    observers.push_back(std::move(*observer));
  }
  const std::size_t count =
      histories.size() > first ? (histories.size() - first + stride - 1) / stride : 0;
  const Status status = threads.try_each_chunk(count, 1, [&](const Chunk& chunk) -> Status {
    const std::vector<Event>& history = histories[first + chunk.begin * stride];
    return history.empty() ? Done{} : observers[chunk.worker].add(history);
  });
  if (!status) return status.error();
  ListDepths sum;
  sum.found.resize(sizes.size());
  sum.looked.resize(sizes.size());
  for (const Observer& observer : observers) observer.add_to(sum);
  return sum;
}

}  // namespace palate::internal
