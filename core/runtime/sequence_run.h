// A sequence network that is fed event by event, in plain numbers or in jets.
#ifndef PALATE_RUNTIME_SEQUENCE_RUN_H_
#define PALATE_RUNTIME_SEQUENCE_RUN_H_

#include <cstddef>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/jet.h"

namespace palate::internal {

/// Formula: palate/encoder_views.h, SequenceView. What it keeps of the past are states or, with
/// attention, keys and values, so one more event costs one step. Borrows the view. T: float or Jet.
template <class T>
class SequenceRun {
 public:
  explicit SequenceRun(const SequenceView& view) : view_(&view) {}

  /// Makes room for as many events, which forgets all that were fed.
  Status reserve(std::size_t events);

  /// Forgets all events.
  void clear();

  /// Goes on from where another run stands, which has seen no more events than there is room for.
  void start_from(const SequenceRun<float>& other);

  std::size_t events() const { return events_; }

  /// Feeds an event: `dimension` numbers, which are used up.
  void step(T* stream);

  /// The user vector after the last event.
  void user_vector(T* vector) const;

 private:
  template <class U>
  friend class SequenceRun;

  std::size_t dimension() const { return view_->gains.size(); }
  std::size_t number_count() const { return view_->blocks.size() * block_numbers_ + dimension(); }
  T* kept(std::size_t block) { return kept_.data() + block * block_numbers_; }
  const T* kept(std::size_t block) const { return kept_.data() + block * block_numbers_; }
  /// The stream after the last event.
  T* last() { return kept(view_->blocks.size()); }
  const T* last() const { return kept(view_->blocks.size()); }
  void attend(const SequenceBlockView& block, std::size_t number);
  void recur(const SequenceBlockView& block, std::size_t number);

  const SequenceView* view_;
  std::size_t events_ = 0;
  std::size_t block_numbers_ = 0;  ///< of `kept_`, of one block
  Buffer<T> kept_;  ///< each block's state, or each event's keys and values there; then `last()`
  Buffer<T> normal_;
  Buffer<T> mixing_;
  Buffer<T> mixed_;
  Buffer<T> wide_;
  Buffer<T> weights_;  ///< of the events in one head
};

extern template class SequenceRun<float>;
extern template class SequenceRun<Jet>;

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_SEQUENCE_RUN_H_
