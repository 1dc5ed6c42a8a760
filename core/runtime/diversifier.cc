// The update of a candidate by one more item of the list, which is all that both methods need.
#include "runtime/diversifier.h"

#include <algorithm>
#include <cmath>

#include "model/portable_math.h"

namespace palate::internal {

Status Diversifier::reset(Diversity kind, std::size_t list, std::size_t candidates) {
  kind_ = kind;
  list_ = list;
  chosen_ = 0;
  const std::size_t slots = list + candidates;
  Status status = similarity_.reserve(slots);
  if (status) status = followed_.reserve(slots);
  if (status) status = rest_.reserve(slots);
  if (status && kind == Diversity::kDpp) status = factors_.reserve(slots, list);
  return status;
}

void Diversifier::put(std::size_t slot, ItemIndex item) {
  similarity_.put(list_ + slot, item);
  followed_[list_ + slot] = 0;
  rest_[list_ + slot] = kind_ == Diversity::kDpp ? 1.0F : 0.0F;
}

float Diversifier::gain(std::size_t slot) {
  follow(list_ + slot);
  const float rest = rest_[list_ + slot];
  if (kind_ == Diversity::kMmr) return -rest;
  return static_cast<float>(portable_log(std::max(rest, kLeastGain)));
}

// Chen, Zhang, Zhou 2018, algorithm 1, for the items of the list that the slot has not met.
void Diversifier::follow(std::size_t slot) {
  for (std::uint32_t& next = followed_[slot]; next < chosen_; ++next) {
    const float similarity = similarity_.between(slot, next);
    if (kind_ == Diversity::kMmr) {
      rest_[slot] = std::max(rest_[slot], similarity);
      continue;
    }
    float entry = 0;
    if (rest_[next] > kLeastGain) {  // else the list had all that this one is
      entry = similarity;
      for (std::size_t k = 0; k < next; ++k) entry -= factor(slot)[k] * factor(next)[k];
      entry /= std::sqrt(rest_[next]);
    }
    factor(slot)[next] = entry;
    rest_[slot] -= entry * entry;
  }
}

void Diversifier::choose(std::size_t slot) {
  follow(list_ + slot);
  similarity_.move(list_ + slot, chosen_);
  rest_[chosen_] = rest_[list_ + slot];
  if (kind_ == Diversity::kDpp) std::copy_n(factor(list_ + slot), chosen_, factor(chosen_));
  ++chosen_;
}

}  // namespace palate::internal
