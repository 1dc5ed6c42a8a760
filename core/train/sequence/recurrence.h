// A gated linear recurrence over one window: what an event leaves behind fades at a rate it learns.
#ifndef PALATE_TRAIN_SEQUENCE_RECURRENCE_H_
#define PALATE_TRAIN_SEQUENCE_RECURRENCE_H_

#include <cstddef>
#include <vector>

namespace palate::internal {

/// The formula is that of `SequenceView`. Rows are events, oldest first, `mixing` has
/// [updates, candidates, openings] of each. Keeps what going back needs.
class Recurrence {
 public:
  /// `width`: of the state.
  void forward(const float* mixing, std::size_t rows, std::size_t width, float* mixed);

  /// Writes the derivatives by `mixing`.
  void backward(const float* mixing, const float* by_mixed, std::size_t rows, std::size_t width,
                float* by_mixing);

 private:
  std::vector<float> states_;    ///< rows x width, after each event
  std::vector<float> updates_;   ///< logistic(updates)
  std::vector<float> openings_;  ///< logistic(openings)
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_SEQUENCE_RECURRENCE_H_
