// Encoders in a model file: how a user vector, or the scores without one, come of a history.
#ifndef PALATE_ENCODER_VIEWS_H_
#define PALATE_ENCODER_VIEWS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "palate/table_views.h"

namespace palate {

enum class EncoderKind : std::uint8_t {
  kPopularity,
  kFoldIn,
  kWeightedMean,
  kItemWeights,
  kSequence,
  kValueFoldIn
};

/// Exact user vectors for a factorisation with fixed items (iALS; Hu, Koren, Volinsky 2008; Rendle
/// et al. 2022). With H the item table (n x d), S the history, w its weights:
///
///   A = unobserved_weight * H'H + sum_{j in S} |w_j| h_j h_j' + ridge * I
///   ridge = regularization * (|S| + unobserved_weight * n)^exponent
///   user vector = A^-1 * sum_{j in S} w_j h_j
///
/// Where the item table is quantised, H is what it reads as, in the Gramian too.
struct FoldInView {
  std::span<const float> gramian;  ///< H'H, lower triangle, row after row: d (d + 1) / 2 numbers
  float unobserved_weight = 0;     ///< >= 0
  float regularization = 0;        ///< > 0
  float exponent = 0;              ///< in [0, 1]
};

/// How much the items of a history S count, j in S. With w_j the weight of an item's events and
/// place_j how many other items of the history were touched after it (0: the newest):
///   a_j = w_j * recency[min(place_j, size - 1)] * max(popularity_j, 1)^-popularity_exponent
///   c_j = a_j / (sum_{k in S} |a_k|)^length_exponent, 0 where all a_k are 0
struct HistoryWeightsView {
  std::span<const float> recency;  ///< each >= 0, not all 0; empty: 1 for all
  float popularity_exponent = 0;   ///< in [0, 1]
  float length_exponent = 0;       ///< in [0, 1]
};

/// User vector = sum_{j in S} c_j h_j, with h_j the rows of `history_vectors`.
struct WeightedMeanView {
  HistoryWeightsView weights;
  TableView history_vectors;  ///< the item table where the file has no table of its own
};

/// Scores without vectors: score_i = sum_{j in S} c_j W_ji, with W sparse, a row and a column an
/// item.
struct ItemWeightsView {
  HistoryWeightsView weights;
  std::span<const std::uint32_t> offsets;  ///< items + 1 positions in `columns` and `values`
  ColumnsView columns;
  std::span<const float> values;

  SparseRowView row(std::size_t index) const {
    const std::size_t first = offsets[index];
    const std::size_t count = offsets[index + 1] - first;
    return {columns.subview(first, count), values.subspan(first, count)};
  }
};

/// Exact user vectors where people rate: ridge regression of the history's values on its items
/// (Koren, Bell, Volinsky 2009, "Matrix Factorization Techniques", with the users solved for; the
/// prior is the implicit part of SVD++, Koren 2008). With h_i the rows of the item table, whose
/// last number is the same for all items (so the last one of a user vector is the visitor's own
/// bias), S the history, R the part of it that has values, w its weights and y_j the rows of
/// `implicit_vectors`:
///
///   rest_j = value_j - mean - item_bias_j, from the value head, which such a file has
///   ridge = regularization * max(|R|, 1)^exponent
///   A = sum_{j in R} |w_j| h_j h_j' + ridge * I
///   user vector = A^-1 (sum_{j in R} |w_j| rest_j h_j + ridge * |S|^-1/2 sum_{j in S} y_j)
///   value_i = mean + item_bias_i + user vector . h_i
///   score_i = value_i, or with `by_cosine` the cosine of user vector and h_i, both without their
///   last number, which stands for the visitor's bias; 0 where one of them is zero
struct ValueFoldInView {
  TableView implicit_vectors;  ///< no rows: all zero
  float regularization = 0;    ///< > 0
  float exponent = 0;          ///< in [0, 1]
  bool by_cosine = false;      ///< not beside a ranker
};

enum class Mixer : std::uint8_t { kAttention, kRecurrence };

/// One block of a sequence network; formulas: `SequenceView`.
struct SequenceBlockView {
  DenseLayerView mix_in;             ///< d -> 3 d; with a recurrence d -> 3 states
  DenseLayerView mix_out;            ///< d -> d; with a recurrence states -> d
  std::span<const float> distances;  ///< heads x window, the farthest first; of attention alone
  DenseLayerView widen;              ///< d -> hidden
  DenseLayerView narrow;             ///< hidden -> d
};

/// Keeps a vector of zeros from being divided by its length.
inline constexpr float kNormEpsilon = 1e-6F;

/// Buckets of the time between two events: see `gap_bucket`.
inline constexpr std::size_t kGapBuckets = 32;

/// The bucket of the time from one event to the next: 0 where one of the times is unknown (0), 1
/// for less than a second, then one for each doubling: 2 up to 2 s, 3 up to 4 s and so on.
std::size_t gap_bucket(std::int64_t before_ms, std::int64_t time_ms);

/// A network that reads events in their order: attention (Kang, McAuley 2018, with a learned bias
/// by distance instead of positions: Raffel et al. 2020) or a gated linear recurrence (Feng et al.
/// 2024), whose state is all that it needs of the past. With N(x) = x / sqrt(mean of x^2 +
/// kNormEpsilon) (Zhang, Sennrich 2019), and the events of S, each item once, by its newest event,
/// or with `repeats` all events, oldest first (with attention: the newest `window`):
///
///   x_t = sqrt(d) h_t + gap_vectors[bucket of the time since event t - 1] + type_vectors[type]
///   in each block:  x_t += mix_out(mix(mix_in(N(x_1)), ..., mix_in(N(x_t))))
///                   x_t += narrow(max(0, widen(N(x_t))))
///   user vector = gains * N(x_last)
///
/// Attention, a part of the columns a head, width w; mix_in gives [q, k, v]:
///   mix_t = sum_{s <= t} p_ts v_s,  p_ts = softmax over s of q_t . k_s / sqrt(w) + distances[t -
///   s]
/// Recurrence; mix_in gives [z, c, g], S the logistic function, states s_0 = 0:
///   s_t = s_{t-1} + S(z_t) (c_t - s_{t-1}),  mix_t = s_t g_t S(g_t)
struct SequenceView {
  Mixer mixer = Mixer::kAttention;
  std::uint32_t heads = 0;   ///< of attention
  std::uint32_t window = 0;  ///< of attention
  std::span<const SequenceBlockView> blocks;
  std::span<const float> gains;
  MatrixView gap_vectors;   ///< kGapBuckets rows, or none
  MatrixView type_vectors;  ///< a row for an unknown type and one a type, or none
  bool repeats = false;
};

}  // namespace palate

#endif  // PALATE_ENCODER_VIEWS_H_
