// When a training has learned what it can.
#ifndef PALATE_TRAIN_OPTIMIZE_EARLY_STOPPING_H_
#define PALATE_TRAIN_OPTIMIZE_EARLY_STOPPING_H_

#include <cstdint>

#include "train/checkpoint.h"

namespace palate::internal {

/// Follows a measure, larger is better, from epoch to epoch.
class EarlyStopping {
 public:
  /// Stops after `patience` epochs in a row that were no better than the best.
  EarlyStopping(std::uint32_t patience, double start) : patience_(patience), best_(start) {}

  /// Takes the measure of one more epoch. True if it is the best so far; NaN never is.
  bool is_best(double measure) {
    ++waited_;
    if (!(measure > best_)) return false;
    best_ = measure;
    waited_ = 0;
    return true;
  }

  bool stop() const { return waited_ >= patience_; }
  double best() const { return best_; }

  /// What a checkpoint keeps of it.
  StateParts state() { return {{"waited", waited_}, {"best", best_}}; }

 private:
  std::uint32_t patience_;
  std::uint32_t waited_ = 0;
  double best_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_OPTIMIZE_EARLY_STOPPING_H_
