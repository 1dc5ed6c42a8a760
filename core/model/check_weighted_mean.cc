// Whether a weighted mean of a history's vectors makes sense.
#include "model/check.h"
#include "model/check_encoder.h"

namespace palate::internal {

Status check_weighted_mean(const format::WeightedMean& mean, MappedModel& mapped) {
  const MatrixView& table = mapped.item_vectors;
  if (table.rows == 0) return meaning_error("the weighted mean", "has no item table");
  mapped.encoder = EncoderKind::kWeightedMean;
  WeightedMeanView& view = mapped.weighted_mean.emplace();
  view.history_vectors = table;
  Status status = check_history_weights(*mean.weights(), view.weights);
  if (!status || mean.history_vectors() == nullptr) return status;
  return check_parameters(*mean.history_vectors(), table.values.size(), "the table of the history",
                          view.history_vectors.values);
}

}  // namespace palate::internal
