// A sequence run that goes on from the events it has seen.
#ifndef PALATE_RUNTIME_SEQUENCE_FOLLOWER_H_
#define PALATE_RUNTIME_SEQUENCE_FOLLOWER_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/sequence_run.h"

namespace palate::internal {

/// An event as the network reads it.
struct SequenceEvent {
  std::uint32_t row = 0;
  std::uint32_t gap = 0;  ///< bucket
  std::uint32_t type = 0;
  std::uint32_t index = 0;  ///< of the item in the history
  std::int64_t time_ms = 0;
  /// To the network, which sees no more.
  bool operator==(const SequenceEvent& other) const {
    return row == other.row && gap == other.gap && type == other.type;
  }
};
static_assert(offsetof(SequenceEvent, index) == SequenceRun::kMark * sizeof(float));

/// Fills `input`, `dimension` numbers, with what the network is fed of an event.
void write_input(const Model& model, const SequenceEvent& event, float* input);

/// Borrows the model, which has a sequence network.
class SequenceFollower {
 public:
  explicit SequenceFollower(const Model& model) : model_(&model), run_(*model.sequence()) {}

  /// Feeds the network what it has not seen yet; all, where these are not the events it has seen
  /// and some more.
  Status follow(std::span<const SequenceEvent> events);

  /// After these events.
  const SequenceRun& run() const { return run_; }

  /// Goes on from the state of a run of this model: what it had seen is not fed again where these
  /// are the first events to follow. False where none has that size, or memory is refused.
  bool restore(std::span<const float> state);

  /// Forgets what it has seen.
  void clear() { run_.clear(); }

 private:
  Status make_room(std::size_t events);
  bool has_seen(std::span<const SequenceEvent> events) const;

  const Model* model_;
  SequenceRun run_;
  std::size_t room_ = 0;  ///< one more than the events that it has room for; 0: for none yet
  Buffer<float> input_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_SEQUENCE_FOLLOWER_H_
