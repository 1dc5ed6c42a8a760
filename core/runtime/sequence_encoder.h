// Sequence: a user vector that a network makes of the events in their order.
#ifndef PALATE_RUNTIME_SEQUENCE_ENCODER_H_
#define PALATE_RUNTIME_SEQUENCE_ENCODER_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/history.h"
#include "runtime/sequence_follower.h"
#include "runtime/sequence_gradient.h"
#include "runtime/sequence_run.h"
#include "runtime/user_encoder.h"

namespace palate::internal {

/// Formula: palate/encoder_views.h, SequenceView. A history that is the last one and some more
/// events costs one step for each of these, where they are of new items and, with attention, the
/// window has room for them; any other history is read anew. Borrows the model.
class SequenceEncoder final : public UserEncoder {
 public:
  static Result<std::unique_ptr<UserEncoder>> create(const Model& model);

  /// Puts a merged history in order; it must stay as it is while the encoder is asked about it.
  Status set_history(const MergedHistory& history) override;

  /// Feeds the network what it has not seen yet.
  Status encode(std::span<float> user_vector) override;

  /// What each item of the history adds to gradient . user vector: integrated gradients
  /// (Sundararajan, Taly, Yan 2017) on the straight line from a history whose newest
  /// `kExplainedEvents` events are of the catalogue's average item, weighted by popularity, to the
  /// history itself. Older ones get 0.
  Status contributions(std::span<const double> gradient, std::span<float> amounts) override;

  /// gradient . user vector of the history where that line begins.
  Result<float> base(std::span<const double> gradient) override;

  SequenceFollower* follower() override { return &all_; }

  static constexpr std::size_t kExplainedEvents = 32;

 private:
  explicit SequenceEncoder(const Model& model);

  std::span<const SequenceEvent> events() const { return events_.first(event_count_); }
  std::span<const SequenceEvent> explained() const {
    return events().last(std::min(event_count_, kExplainedEvents));
  }
  std::span<SequenceEvent> ordered(const MergedHistory& history);
  Status explain();
  Status prepare();
  void find_ways();
  void walk(SequenceRun& path, float place);

  const Model* model_;
  const SequenceView* view_;
  SequenceFollower all_;  ///< of all events
  Buffer<SequenceEvent> ordered_;
  Buffer<SequenceEvent> events_;
  std::size_t event_count_ = 0;
  std::size_t history_size_ = 0;

  // For contributions; made when they are first asked for.
  SequenceFollower older_;            ///< of the events that are not explained
  std::array<SequenceRun, 4> paths_;  ///< from each node of the integral
  SequenceGradient gradient_;
  Buffer<float> input_;
  Buffer<double> average_;  ///< the item vector where the line begins
  Buffer<float> ways_;      ///< explained events x dimension: how far each input is from that
  Buffer<float> start_;     ///< the user vector where the line begins
  bool has_average_ = false;
  bool is_explained_ = false;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_SEQUENCE_ENCODER_H_
