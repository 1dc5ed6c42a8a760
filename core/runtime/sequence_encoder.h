// Sequence: a user vector that a network makes of the events in their order.
#ifndef PALATE_RUNTIME_SEQUENCE_ENCODER_H_
#define PALATE_RUNTIME_SEQUENCE_ENCODER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/history.h"
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

  static constexpr std::size_t kExplainedEvents = 32;

 private:
  /// An event as the network reads it.
  struct Read {
    std::uint32_t row = 0;
    std::uint32_t gap = 0;  ///< bucket
    std::uint32_t type = 0;
    std::uint32_t index = 0;  ///< of the item in the history
    std::int64_t time_ms = 0;
    /// To the network, which sees no more.
    bool operator==(const Read& other) const {
      return row == other.row && gap == other.gap && type == other.type;
    }
  };

  explicit SequenceEncoder(const Model& model);

  std::span<const Read> events() const { return events_.first(event_count_); }
  std::span<Read> ordered(const MergedHistory& history);
  void write_input(const Read& event, float* input) const;
  Status explain();
  Status prepare_path();
  void step_on_path(const Read& event, float place);
  void find_way(const Read& event);
  void integrate(std::span<const Read> explained, float place, float weight);

  const Model* model_;
  const SequenceView* view_;
  SequenceRun<float> run_;
  Buffer<Read> fed_;  ///< what `run_` has seen
  Buffer<Read> ordered_;
  Buffer<Read> events_;
  std::size_t event_count_ = 0;
  std::size_t history_size_ = 0;
  std::size_t room_ = 0;  ///< of `run_`, in events
  Buffer<float> input_;

  // For contributions; made when they are first asked for.
  SequenceRun<float> older_;  ///< has seen the events that are not explained
  SequenceRun<float> path_;
  SequenceRun<Jet> jets_;
  Buffer<double> average_;  ///< the item vector where the line begins
  Buffer<float> way_;       ///< how far an event's input is from the average item's
  Buffer<Jet> jet_vector_;
  Buffer<float> slopes_;  ///< explained events x dimension: what each adds to the user vector
  Buffer<float> start_;   ///< the user vector where the line begins
  bool has_average_ = false;
  bool is_explained_ = false;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_SEQUENCE_ENCODER_H_
