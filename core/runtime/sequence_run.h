// A sequence network that is fed event by event.
#ifndef PALATE_RUNTIME_SEQUENCE_RUN_H_
#define PALATE_RUNTIME_SEQUENCE_RUN_H_

#include <cstddef>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// What a block makes of an event, as far as its derivatives ask for it.
struct SequenceWork {
  float* stream;  ///< before the block, d numbers
  float* mixing;  ///< of mix_in
  float* before;  ///< the recurrence's state before the event
  float* middle;  ///< the stream after mix_out
  float* wide;    ///< of widen, or 0 where that is less
};

/// Formula: palate/encoder_views.h, SequenceView. What it keeps of the past are states or, with
/// attention, keys and values, so one more event costs one step. Borrows the view.
class SequenceRun {
 public:
  /// `is_traced`: keeps its work on every event.
  explicit SequenceRun(const SequenceView& view, bool is_traced = false)
      : view_(&view), is_traced_(is_traced) {}

  /// Makes room for as many events, after `before` of another run at most, which forgets all that
  /// were fed.
  Status reserve(std::size_t events, std::size_t before = 0);

  /// Forgets all events.
  void clear();

  /// Goes on from where another run stands, which must stay as it is.
  void start_from(const SequenceRun& other);

  std::size_t events() const { return events_; }

  /// How many of them it was not fed itself.
  std::size_t lent() const { return lent_; }

  /// All that a run keeps which was fed every event itself: of as many it is always of one size,
  /// whatever the room.
  std::span<const float> state() const { return kept_.first(number_count(events_)); }

  /// How many events a state of so many numbers is of; -1 where none has that size. To be asked
  /// once room was made.
  std::ptrdiff_t events_of(std::size_t numbers) const;

  /// Takes a state over, of no more events than there is room for.
  void set_state(std::span<const float> state);

  /// `kMark` words beside an event, by which whoever feeds it tells it from others.
  static constexpr std::size_t kMark = 3;
  float* mark(std::size_t event) { return kept_.data() + number_count(event); }
  const float* mark(std::size_t event) const { return kept_.data() + number_count(event); }

  /// Feeds an event: `dimension` numbers, which are used up.
  void step(float* stream);

  /// The user vector after the last event.
  void user_vector(float* vector) const;

  // For derivatives.
  SequenceWork work(std::size_t event, std::size_t block);
  /// The stream after the last event.
  const float* last() const { return kept_.data(); }
  /// With attention, what a block keeps of an event: its key, and behind that its value.
  const float* key(std::size_t event, std::size_t block) const;
  /// Fills `weights`: how much a head reads of as many events, in sum 1. `queries`: of all heads,
  /// of the last of these events.
  void weigh(std::size_t block, std::size_t head, const float* queries,
             std::span<float> weights) const;

 private:
  /// Where an event's keys and values begin behind its mark: a line of memory further.
  static constexpr std::size_t kKeys = 16;

  std::size_t dimension() const { return view_->gains.size(); }
  /// Of `kept_`.
  std::size_t number_count(std::size_t events) const {
    return first_numbers_ + events * event_numbers_;
  }
  std::size_t state_width() const { return mixing_ / 3; }
  std::size_t work_numbers() const { return 2 * dimension() + mixing_ + state_width() + wide_; }
  /// The state of a block.
  float* recurrence(std::size_t block) {
    return kept_.data() + dimension() + block * state_width();
  }
  void attend(std::size_t block, const float* mixing);
  void recur(std::size_t block, const SequenceWork& work);

  const SequenceView* view_;
  bool is_traced_;
  std::size_t events_ = 0;
  const SequenceRun* lender_ = nullptr;  ///< has seen the first `lent_` events
  std::size_t lent_ = 0;
  std::size_t mixing_ = 0;         ///< outputs of mix_in, at most
  std::size_t wide_ = 0;           ///< outputs of widen, at most
  std::size_t first_numbers_ = 0;  ///< of `kept_`, before those of the events
  std::size_t event_numbers_ = 0;  ///< of `kept_`, of one event
  /// `last()`, each block's state; then each event's mark, and with attention its keys and values.
  Buffer<float> kept_;
  Buffer<float> work_;
  Buffer<float> normal_;
  Buffer<float> mixed_;
  Buffer<float> weights_;  ///< of the events in one head
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_SEQUENCE_RUN_H_
