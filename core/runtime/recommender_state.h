// What stands behind the public interface: the parts of the runtime, put together.
#ifndef PALATE_RUNTIME_RECOMMENDER_STATE_H_
#define PALATE_RUNTIME_RECOMMENDER_STATE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "palate/recommender.h"
#include "runtime/attribute_bias.h"
#include "runtime/attribute_shares.h"
#include "runtime/buffer.h"
#include "runtime/explain.h"
#include "runtime/filter.h"
#include "runtime/history.h"
#include "runtime/learned.h"
#include "runtime/mlp_ranker.h"
#include "runtime/popularity.h"
#include "runtime/ranker_input.h"
#include "runtime/reranker.h"
#include "runtime/retrievers.h"
#include "runtime/row_mask.h"
#include "runtime/vector_retrieval.h"

namespace palate {

struct Recommender::State final : internal::CandidateSource {
  static constexpr std::size_t kBlock = 256;  // items scored at once

  explicit State(const Model& of)
      : model(&of), popularity(of), filter(of), reranker(of), attribute_shares(of), wishes(of) {}

  // recommender_state.cc
  Status load();
  Status load_ranker();
  Status read_history(std::span<const Event> events);
  Status read_new_history(std::span<const Event> events);
  void retrieval_scores(std::span<const ItemIndex> items, std::span<float> scores);
  Status visitor_scores(std::span<const ItemIndex> items, std::span<float> scores);
  Status plain_scores(bool by_ranker, std::span<const ItemIndex> items, std::span<float> scores);
  Result<float> unit(bool by_ranker);
  Result<float> deviation(bool by_ranker);
  Status moved_scores(bool by_ranker, std::span<const ItemIndex> items, std::span<float> scores);
  Status move(bool by_ranker, std::span<const ItemIndex> items, std::span<float> scores);
  Status score(std::span<const ItemIndex> items, std::span<float> scores) override;
  Status predict(std::span<const ItemIndex> items, std::span<float> values);
  Result<Explanation> explain_plain(ItemIndex item);
  Status explain_wishes(ItemIndex item, Explanation& explanation);
  Result<Explanation> explain_retrieval(ItemIndex item, std::span<float> item_amounts);
  Result<Explanation> explain_ranker(ItemIndex item, std::span<float> item_amounts);

  // recommender_lists.cc
  Status leave_out_disliked(Filter& asked);
  Result<internal::RowMask> take(std::span<const Event> events, const Request& request);
  Result<std::size_t> best(internal::RowMask excluded, std::span<Pick> picks) override;
  Result<std::size_t> rank(internal::RowMask excluded, std::span<Pick> picks);
  Result<std::size_t> best_of_all(internal::RowMask excluded, std::span<Pick> picks);
  Result<std::size_t> add_wanted(internal::RowMask excluded, std::size_t found, std::size_t limit);
  Result<std::size_t> list(const Reranking& reranking, internal::RowMask excluded,
                           std::span<Pick> picks);
  Status score_anew(std::span<Pick> picks);
  Result<std::size_t> ask(internal::RowMask excluded, std::span<Pick> picks);

  bool knows_visitor() const { return retrievers.has_value() && speaks_for_items; }
  /// Whether the ranker has anything to go by.
  bool ranks() const {
    return ranker.has_value() && (knows_visitor() || !ranker_input->context().empty());
  }
  Result<std::size_t> find_candidates(internal::RowMask excluded, std::span<ItemIndex> items);
  std::uint32_t candidates() const {
    return candidate_count > 0 ? candidate_count : model->ranker()->candidates;
  }
  std::size_t most() const override { return ranker ? candidates() : model->item_count(); }
  internal::FoldInSystem* posterior() {
    internal::VectorRetrieval* vectors = retrievers ? retrievers->vectors() : nullptr;
    return vectors != nullptr ? vectors->posterior() : nullptr;
  }
  internal::SequenceFollower* follower() {
    internal::VectorRetrieval* vectors = retrievers ? retrievers->vectors() : nullptr;
    return vectors != nullptr ? vectors->follower() : nullptr;
  }
  internal::Retrieval& encoder() { return retrievers->encoder(); }

  const Model* model;
  internal::Popularity popularity;
  internal::FilterMask filter;
  internal::Reranker reranker;
  std::optional<internal::Retrievers> retrievers;  // none: popularity ranks
  std::optional<internal::RankerInput> ranker_input;
  std::optional<internal::MlpRanker> ranker;
  std::optional<internal::RankerGradient> ranker_gradient;
  internal::HistoryMerger merger;
  internal::AttributeShares attribute_shares;
  internal::AttributeBias wishes;              // what the visitor asked for
  std::unique_ptr<internal::Learned> learned;  // null: nothing was

  // The history that was read last.
  internal::Buffer<Event> last_events;
  std::size_t event_count = 0;
  bool knows_history = false;
  std::array<std::optional<float>, 2> units;  // by retrieval, by the ranker; found when wanted
  bool speaks_for_items = false;

  // Of the request at hand.
  std::span<const internal::HistoryItem> history;
  std::uint32_t candidate_count = 0;           // 0: the model's
  std::span<const ItemIndex> barred;           // not even pinned
  internal::Buffer<ItemIndex> excluded_items;  // these
  internal::Buffer<ItemIndex> candidate_items;
  internal::Buffer<Pick> answered;  // the history before the questions
  internal::Buffer<float> candidate_scores;
  internal::Buffer<Pick> gathered;  // of whom the best are listed
  internal::Buffer<Pick> wanted;
  internal::RowBits taken;
  internal::Buffer<float> amounts;
};

}  // namespace palate

#endif  // PALATE_RUNTIME_RECOMMENDER_STATE_H_
