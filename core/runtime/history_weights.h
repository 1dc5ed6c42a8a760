// How much each item of a history counts for the encoders that add items up.
#ifndef PALATE_RUNTIME_HISTORY_WEIGHTS_H_
#define PALATE_RUNTIME_HISTORY_WEIGHTS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"
#include "runtime/history.h"

namespace palate::internal {

/// The c_j of `HistoryWeightsView`. Borrows what the view points to.
class HistoryWeigher {
 public:
  /// Works the factors of all items' popularity out, once.
  static Result<HistoryWeigher> create(const HistoryWeightsView& parameters, const Model& model);

  /// One coefficient an item of a merged history, in its order; valid until the next call.
  Result<std::span<const double>> weigh(std::span<const HistoryItem> history);

 private:
  explicit HistoryWeigher(const HistoryWeightsView& parameters) : parameters_(parameters) {}

  double recency(std::size_t place) const;
  double damping(std::uint32_t row) const;

  HistoryWeightsView parameters_;
  Buffer<float> dampings_;  // max(popularity, 1)^-exponent of each item; none where that is 1
  Buffer<double> coefficients_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_HISTORY_WEIGHTS_H_
