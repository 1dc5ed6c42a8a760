// What makes a user vector of a history; one class for each kind of encoder.
#ifndef PALATE_RUNTIME_USER_ENCODER_H_
#define PALATE_RUNTIME_USER_ENCODER_H_

#include <span>

#include "palate/result.h"
#include "runtime/fold_in_system.h"
#include "runtime/history.h"

namespace palate::internal {

class SequenceFollower;

class UserEncoder {
 public:
  UserEncoder() = default;
  UserEncoder(const UserEncoder&) = delete;
  UserEncoder& operator=(const UserEncoder&) = delete;
  virtual ~UserEncoder() = default;

  /// Shows it a merged history, which must stay as it is while the encoder is asked about it. May
  /// be empty.
  virtual Status set_history(const MergedHistory& history) = 0;

  /// The user vector of the history set last.
  virtual Status encode(std::span<float> user_vector) = 0;

  /// What each item of that history adds to gradient . user vector, beyond `base`.
  virtual Status contributions(std::span<const double> gradient, std::span<float> amounts) = 0;

  /// gradient . user vector that the contributions are added to: none, where the vector is a sum
  /// over the history.
  virtual Result<float> base(std::span<const double> /*gradient*/) { return 0.0F; }

  /// The system of a fold-in, whose inverse is the covariance of the user vector where that is seen
  /// as the mean of a Gaussian posterior (noise of variance 1 on an event of weight 1); else null.
  virtual FoldInSystem* posterior() { return nullptr; }

  /// What a sequence network has read of the history; else null.
  virtual SequenceFollower* follower() { return nullptr; }
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_USER_ENCODER_H_
