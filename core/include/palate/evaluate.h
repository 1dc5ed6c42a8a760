// Evaluation: how good a model file is, measured through the runtime that ships.
#ifndef PALATE_EVALUATE_H_
#define PALATE_EVALUATE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "palate/dataset.h"
#include "palate/model.h"
#include "palate/result.h"

namespace palate {

/// Means over the test users at one cut-off k. With L the ranked list, T the held-out items
/// (repeats once; items of the history left out of it unless seen items stay in; items unknown to
/// the model count as misses), h = |L[1..k] in T|, m = min(k, |T|):
///   recall    = h / |T|
///   precision = h / k
///   hit_rate  = [h > 0]
///   ndcg      = sum_{r <= k, L[r] in T} 1 / log2(r + 1)  /  sum_{r <= m} 1 / log2(r + 1)
///               (binary gains; Jarvelin, Kekalainen 2002)
///   mrr       = 1 / rank of the first hit within k, else 0 (Voorhees 1999)
///   map       = sum over the hits at r <= k of (hits up to r) / r  /  m
///   coverage  = distinct items in the first k of all lists / items of the catalogue
struct RankingMetrics {
  std::uint32_t k = 0;
  double recall = 0, precision = 0, hit_rate = 0, ndcg = 0, mrr = 0, map = 0, coverage = 0;
};

/// The ranker as a classifier of held-out items against sampled ones that are neither seen nor held
/// out, over all users at once, threshold 0.5. Users without a known item in their history have no
/// logits and stay out of it. AUC counts a tie one half; log loss is in nats.
struct ClassificationMetrics {
  std::uint64_t positives = 0, negatives = 0;
  double accuracy = 0, precision = 0, recall = 0, f1 = 0, auc = 0, log_loss = 0;
};

/// Predicted against held-out values, over all rows at once.
struct ValueMetrics {
  std::uint64_t count = 0;
  double mae = 0, mse = 0, rmse = 0;
};

struct EvaluateOptions {
  std::vector<std::uint32_t> ks = {10, 20};
  bool include_seen = false;
  unsigned threads = 0;         ///< 0: all of the machine's; the report is the same with any number
  std::uint32_t negatives = 4;  ///< of the classification: sampled items a held-out one
  std::uint64_t seed = 1;       ///< of the sampled negatives
};

struct EvaluationReport {
  std::uint64_t users = 0;  ///< users with something held out
  std::uint64_t without_history =
      0;  ///< of these, with an empty history: they get the popular items
  std::uint64_t held_out = 0;
  std::uint64_t unknown = 0;  ///< held-out items that the model does not know
  std::vector<RankingMetrics> model;
  std::vector<RankingMetrics> popularity;  ///< the floor, on the same users
  std::optional<ClassificationMetrics> classification;
  std::optional<ValueMetrics> values;
};

/// Ranks the whole catalogue for every user that both logs hold (or that only `test` holds: an
/// empty history). `kDataEmpty` when nobody has a held-out item.
Result<EvaluationReport> evaluate(const Model& model, const InteractionLog& history,
                                  const InteractionLog& test, const EvaluateOptions& options);

}  // namespace palate

#endif  // PALATE_EVALUATE_H_
