// Derivatives of what a sequence network makes of its events, by what it was fed.
#ifndef PALATE_RUNTIME_SEQUENCE_GRADIENT_H_
#define PALATE_RUNTIME_SEQUENCE_GRADIENT_H_

#include <cstddef>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/sequence_run.h"

namespace palate::internal {

/// Reverse-mode differentiation (Rumelhart, Hinton, Williams 1986), through time (Werbos 1990).
/// Borrows the view.
class SequenceGradient {
 public:
  explicit SequenceGradient(const SequenceView& view) : view_(&view) {}

  /// Makes room for a run that was fed so many events itself, `before` others at most before them.
  Status reserve(std::size_t events, std::size_t before);

  /// The derivatives of gradient . user vector by what a traced run was fed, events x dimension;
  /// good until the next call.
  std::span<const float> differentiate(SequenceRun& run, std::span<const double> gradient);

 private:
  std::size_t dimension() const { return view_->gains.size(); }
  void widen(std::size_t block, const SequenceWork& work);
  void attend(SequenceRun& run, std::size_t event, std::size_t block, const SequenceWork& work);
  void recur(std::size_t block, const SequenceWork& work);
  void undo_norm(const float* x);

  const SequenceView* view_;
  std::size_t kept_numbers_ = 0;  ///< of `by_kept_`, of one block
  // The derivatives by what the names say, of the event and block that are looked at.
  Buffer<float> by_inputs_;  ///< events x dimension
  Buffer<float> by_kept_;    ///< by each block's state, or each event's keys and values there
  Buffer<float> by_stream_;
  Buffer<float> by_normal_;
  Buffer<float> by_wide_;
  Buffer<float> by_mixed_;
  Buffer<float> by_mixing_;
  Buffer<float> weights_;  ///< of the events in one head
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_SEQUENCE_GRADIENT_H_
