// Whether a weighted mean of a history's vectors makes sense.
#include "model/check.h"
#include "model/check_encoder.h"
#include "palate/words.h"

namespace palate::internal {

Verdict check_weighted_mean(const format::WeightedMean& mean, MappedModel& mapped) {
  const TableView& table = mapped.item_vectors;
  if (table.rows == 0) return meaning_error("the weighted mean"_words, "has no item table"_words);
  mapped.encoder = EncoderKind::kWeightedMean;
  WeightedMeanView& view = mapped.weighted_mean.emplace();
  view.history_vectors = table;
  Verdict verdict = check_history_weights(*mean.weights(), view.weights);
  if (!verdict) return verdict;
  return check_second_table(mean.history_vectors(), mean.quantized_history_vectors(),
                            "the table of the history"_words, table, view.history_vectors);
}

}  // namespace palate::internal
