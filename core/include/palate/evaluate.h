// Evaluation: how good a model file is, measured through the runtime that ships.
#ifndef PALATE_EVALUATE_H_
#define PALATE_EVALUATE_H_

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "palate/dataset.h"
#include "palate/model.h"
#include "palate/progress.h"
#include "palate/result.h"

namespace palate {

/// One value for each measure of how well a list finds what was held out.
template <class T>
struct PerRankingMetric {
  T recall{}, precision{}, hit_rate{}, ndcg{}, mrr{}, map{};
};

/// The fields of `PerRankingMetric<T>`, in order.
template <class T>
inline constexpr std::array<T PerRankingMetric<T>::*, 6> kRankingFields{
    &PerRankingMetric<T>::recall, &PerRankingMetric<T>::precision, &PerRankingMetric<T>::hit_rate,
    &PerRankingMetric<T>::ndcg,   &PerRankingMetric<T>::mrr,       &PerRankingMetric<T>::map};

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
using RankingMetrics = PerRankingMetric<double>;

/// The bounds of a confidence interval.
struct Interval {
  double low = 0, high = 0;
};

/// How sure the intervals are.
inline constexpr double kConfidence = 0.95;

/// The percentile bootstrap (Efron, Tibshirani 1993, An Introduction to the Bootstrap, section
/// 13.3): the n test users are drawn anew n times with replacement, their mean is taken, and that
/// B times; the bounds are the j-th smallest and the j-th largest of the B means, with j = floor((B
/// + 1) (1 - kConfidence) / 2), at least 1. The interval speaks of the users alone: it holds the
/// model and the items for given.
using RankingIntervals = PerRankingMetric<Interval>;

/// What the lists are made of, whatever they hit, at one cut-off k; lists without an item stay out
/// of the means. With L the first k of a list, n the items of the catalogue, c_i an item's
/// popularity (its interactions in the training log, at least 1) and C their sum:
///   coverage   = items that stand in some L / n
///   diversity  = mean over the lists of the mean over the pairs of L of 1 - similarity (intra-list
///                distance; Zhang, Hurley 2008), see `DiversityBasis`; nothing where no list has
///                two items
///   novelty    = mean over the lists of the mean of -log2(c_i / C), in bits (self-information;
///                Zhou et al. 2010, with the share of the interactions for that of the users, as
///                the free discovery of Vargas, Castells 2011)
///   gini       = sum_i (2 i - n - 1) e_i / (n sum_i e_i), with e_1 <= ... <= e_n how many L each
///                item stands in: 0 where all stand in as many, 1 - 1 / n where one has all (Gini
///                1912; of recommendations Fleder, Hosanagar 2009)
///   popularity = mean over the lists of the mean of c_i (average recommendation popularity; Yin et
///                al. 2012)
///   popularity_lift = (p - q) / q over the users with a history: p the mean over the users of the
///                mean popularity of L, q that of the history's items (the change of the group
///                average popularity; Abdollahpouri et al. 2019); 0: as popular as what they chose;
///                nothing where no user has a history
struct ListMetrics {
  double coverage = 0;
  std::optional<double> diversity;
  double novelty = 0;
  double gini = 0;
  double popularity = 0;
  std::optional<double> popularity_lift;
};

/// What the similarity of two items is taken from.
enum class DiversityBasis : std::uint8_t {
  kNone,         ///< the model has neither vectors nor categories: no diversity
  kItemVectors,  ///< cosine of the item vectors, as `Recommender::similar` takes it
  kCategories,   ///< |A in B| / |A or B| of the categories of all attributes (Jaccard 1901), where
                 ///< the model has no vectors; 0 with an item that has none
};

/// One way to rank, at one cut-off.
struct CutOffReport {
  std::uint32_t k = 0;
  RankingMetrics ranking;
  std::optional<RankingIntervals> intervals;  ///< absent without resamples
  ListMetrics lists;
};

/// `RankingMetrics` over some of the users or the held-out items, at one cut-off.
struct PartMetrics {
  std::uint32_t k = 0;
  double recall = 0, ndcg = 0;
};

/// The users whose history holds `shortest` to `longest` items that the model knows, each counted
/// once.
struct HistoryLengthReport {
  std::uint32_t shortest = 0;
  std::uint32_t longest = 0;  ///< `kNoLimit`: or more
  std::uint64_t users = 0;
  std::vector<PartMetrics> model;       ///< one a cut-off
  std::vector<PartMetrics> popularity;  ///< one a cut-off

  static constexpr std::uint32_t kNoLimit = std::numeric_limits<std::uint32_t>::max();
};

/// Items by popularity: an item is of the head where the more popular ones hold less than a third
/// of all interactions, of the torso where they hold less than two thirds, else of the tail.
enum class PopularityClass : std::uint8_t { kHead, kTorso, kTail };

/// The held-out items of one class: the formulas of `RankingMetrics` with T cut down to the class,
/// over the users for whom that leaves any.
struct ItemPopularityReport {
  PopularityClass popularity_class{};
  std::uint64_t items = 0;  ///< of the catalogue
  double share = 0;         ///< of all interactions
  std::uint64_t held_out = 0;
  std::uint64_t users = 0;
  std::vector<PartMetrics> model;       ///< one a cut-off
  std::vector<PartMetrics> popularity;  ///< one a cut-off
};

/// The ranker as a classifier of held-out items against sampled ones that are neither seen nor held
/// out, over all users at once, threshold 0.5. Users without a known item in their history have no
/// logits and stay out of it; a ranker whose output is a value is no classifier. AUC counts a tie
/// one half; log loss is in nats.
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
  unsigned threads = 0;            ///< 0: all of the machine's; the report is the same with any
  std::uint32_t negatives = 4;     ///< of the classification: sampled items a held-out one
  std::uint32_t resamples = 1000;  ///< of the bootstrap; 0: no intervals
  std::uint64_t seed = 1;          ///< of the sampled negatives and of the resamples
  ProgressCallback progress = nullptr;
};

struct EvaluationReport {
  std::uint64_t users = 0;  ///< users with something held out
  std::uint64_t without_history =
      0;  ///< of these, with an empty history: they get the popular items, as the context has it
  std::uint64_t held_out = 0;
  std::uint64_t unknown = 0;             ///< held-out items that the model does not know
  std::vector<CutOffReport> model;       ///< one a cut-off
  std::vector<CutOffReport> popularity;  ///< the floor, on the same users
  DiversityBasis diversity_basis{};
  std::vector<HistoryLengthReport> by_history_length;    ///< ascending; those with users
  std::vector<ItemPopularityReport> by_item_popularity;  ///< head, torso, tail
  std::optional<ClassificationMetrics> classification;
  std::optional<ValueMetrics> values;
};

/// Ranks the whole catalogue for every user that both logs hold (or that only `test` holds: an
/// empty history). A ranker that reads the context of a visit is given that of the user's oldest
/// held-out event. `kDataEmpty` when nobody has a held-out item.
Result<EvaluationReport> evaluate(const Model& model, const InteractionLog& history,
                                  const InteractionLog& test, const EvaluateOptions& options);

/// One model less another in one measure, user by user: the mean of the differences, its bootstrap
/// interval (the users are drawn in pairs, so what makes a user easy or hard for both cancels), and
/// how many users fared better, worse or the same.
struct Difference {
  double mean = 0;
  std::optional<Interval> interval;  ///< absent without resamples
  std::uint64_t better = 0, worse = 0, equal = 0;
};

struct CutOffDifferences {
  std::uint32_t k = 0;
  PerRankingMetric<Difference> differences;
};

/// Two models on the same users and the same held-out items.
struct ComparisonReport {
  EvaluationReport model;
  EvaluationReport other;
  std::vector<CutOffDifferences> differences;  ///< `model` less `other`, one a cut-off
};

/// `evaluate` for two models, and their difference. Their catalogues may differ.
Result<ComparisonReport> compare(const Model& model, const Model& other,
                                 const InteractionLog& history, const InteractionLog& test,
                                 const EvaluateOptions& options);

}  // namespace palate

#endif  // PALATE_EVALUATE_H_
