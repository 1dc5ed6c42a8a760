// A model file, checked and mapped: everything right of the file reads it through here.
#ifndef PALATE_MODEL_H_
#define PALATE_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "palate/result.h"
#include "palate/types.h"

namespace palate {

namespace internal {
struct MappedModel;
}

/// Types of events that a model tells apart, at most.
inline constexpr std::size_t kMaxEventTypes = 64;

/// No item vector, weight or bias in a model file is larger in magnitude, so what is computed from
/// them stays finite as long as user vectors keep to it too.
inline constexpr float kMaxMagnitude = 1e6F;

/// `rows` x `columns` numbers, row after row. Borrowed from the file; 16-byte aligned.
struct MatrixView {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::span<const float> values;

  std::span<const float> row(std::size_t index) const {
    return values.subspan(index * columns, columns);
  }
};

/// How the numbers of a table are stored.
enum class Precision : std::uint8_t { kFloat32, kInt8, kInt4 };

/// The bytes that a row of `columns` quantised numbers takes.
std::size_t quantized_row_bytes(std::size_t columns, Precision precision);

/// A vector an item, in the precision that the file has it in: what an item vector is for every
/// encoder, for retrieval and for the ranker. Borrowed from the file; 16-byte aligned.
///
/// Quantised, number k of row r is scales[r] * code, the code a whole number of -128 to 127 in 8
/// bits, or of -8 to 7 in 4. Rows take whole blocks of 16 bytes. In 8 bits byte k of a row is the
/// code k in two's complement. In 4 bits a block holds 32 codes, each plus 8: byte b of it has code
/// b in its lower half and code 16 + b in its upper half.
struct TableView {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  Precision precision = Precision::kFloat32;
  std::span<const float> values;        ///< kFloat32: rows x columns; else empty
  std::span<const float> scales;        ///< quantised: one a row, >= 0; else empty
  std::span<const std::uint8_t> codes;  ///< quantised: rows x row_bytes(); else empty

  std::size_t row_bytes() const { return quantized_row_bytes(columns, precision); }
  std::size_t size_bytes() const {
    return values.size_bytes() + scales.size_bytes() + codes.size_bytes();
  }
  /// Whether it is no table of its own but `other`.
  bool is(const TableView& other) const {
    return values.data() == other.values.data() && codes.data() == other.codes.data();
  }
  /// The vector of a row as floats, `columns` numbers.
  void read(std::size_t row, std::span<float> vector) const;
};

/// Texts laid end to end. Borrowed from the file; each is valid UTF-8.
struct TextsView {
  std::span<const std::uint32_t> offsets;  ///< size() + 1, or none
  std::span<const char> bytes;

  std::size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  bool empty() const { return size() == 0; }
  std::string_view operator[](std::size_t index) const {
    return {bytes.data() + offsets[index], offsets[index + 1] - offsets[index]};
  }
};

enum class AttributeKind : std::uint8_t { kCategory, kNumber };

/// One named property of every item: a set of categories (genres) or a number (year).
struct AttributeView {
  std::string_view name;
  AttributeKind kind{};
  std::span<const float> numbers;          ///< kNumber: one an item, NaN where missing; else empty
  TextsView categories;                    ///< kCategory: the distinct texts
  std::span<const std::uint32_t> offsets;  ///< kCategory: items + 1 positions in `entries`
  std::span<const std::uint32_t> entries;  ///< kCategory: rows of `categories`, item after item

  /// The categories of one item; empty for a missing value and for numbers.
  std::span<const std::uint32_t> entries_of(ItemIndex item) const;
  /// The row of a category.
  std::optional<std::uint32_t> find(std::string_view category) const;
};

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

/// Rows of items, in 16 bits each or in 32. Borrowed from the file.
class ColumnsView {
 public:
  ColumnsView() = default;
  explicit ColumnsView(std::span<const std::uint16_t> columns) : short_(columns) {}
  explicit ColumnsView(std::span<const std::uint32_t> columns) : long_(columns) {}

  std::size_t size() const { return short_.size() + long_.size(); }
  std::size_t size_bytes() const { return short_.size_bytes() + long_.size_bytes(); }
  std::uint32_t operator[](std::size_t index) const {
    return short_.empty() ? long_[index] : short_[index];
  }
  ColumnsView subview(std::size_t first, std::size_t count) const {
    return short_.empty() ? ColumnsView(long_.subspan(first, count))
                          : ColumnsView(short_.subspan(first, count));
  }

 private:
  std::span<const std::uint16_t> short_;  // one of the two is empty
  std::span<const std::uint32_t> long_;
};

/// The entries of one row that are not zero.
struct SparseRowView {
  ColumnsView columns;            ///< ascending
  std::span<const float> values;  ///< one a column

  std::size_t size() const { return values.size(); }
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
///   score_i = mean + item_bias_i + user vector . h_i
struct ValueFoldInView {
  TableView implicit_vectors;  ///< no rows: all zero
  float regularization = 0;    ///< > 0
  float exponent = 0;          ///< in [0, 1]
};

/// One fully connected layer: y = W x + b, with W of `outputs` x `inputs`, row after row.
///
/// Quantised, W is what `quantized` reads as, kInt8, and each of the inputs, which are not below 0,
/// is rounded to a multiple of `input_step` first, 127 of them at most.
struct DenseLayerView {
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  std::span<const float> weights;  ///< empty where quantised
  std::span<const float> bias;
  TableView quantized;   ///< no rows: not
  float input_step = 0;  ///< > 0 where quantised

  bool is_quantized() const { return quantized.rows > 0; }
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

enum class FeatureSource : std::uint8_t {
  kRetrievalScore,  ///< the score without the ranker
  kPopularity,      ///< log(1 + popularity)
  kNumber,          ///< a number attribute; the mean where missing
  kMissing,         ///< 1 where a number attribute is missing, else 0
  kCategory,        ///< 1 where the item has the category, else 0
  kFurtherScore,    ///< the score by one of the ranker's further retrievers
  kAffinity,        ///< how much of the history shares the item's categories
  kDistance,        ///< how far the item's number is from those of the history
  kHistoryLength,   ///< log(1 + |S|)
  kContextNumber,   ///< z of a number of the context, 0 where missing
  kContextKnown,    ///< 1 where a number of the context is not missing, else 0
  kContextCategory  ///< 1 where the context has the category, else 0
};

/// One column of the ranker's features: (x - mean) * scale. Where a score s by item
/// weights is the x and gain > 0, x = log(1 + gain * max(s, 0)).
///
/// For kAffinity and kDistance the history counts by place: r_j = decay^place_j, over the sum of
/// these, j in the part of S where the attribute is not missing (none: r is empty). With C_i the
/// categories of item i, n_c the number of items in category c and w_c = log(1 + n / n_c):
///   affinity = sum_j r_j sum_{c in C_i and C_j} w_c / sum_{c in C_i} w_c, 0 where C_i is empty
///   distance = sum_j r_j |number_i - number_j|, the mean where number_i is missing or r is empty
///
/// Those of the context have a mean of 0 and a scale of 1, so where nothing is known they are all
/// 0.
struct FeatureView {
  FeatureSource source{};
  std::uint32_t attribute = 0;  ///< row of the attributes or of the context's columns
  std::uint32_t category = 0;   ///< row of its categories, for kCategory and kContextCategory
  float mean = 0;
  float scale = 1;
  std::uint32_t retriever = 0;  ///< row of the ranker's further retrievers, for kFurtherScore
  float gain = 0;               ///< >= 0
  float decay = 1;              ///< in (0, 1]
};

/// What brings a number to the size that a network expects: z = (f(x') - mean) * scale, with x' the
/// number brought into [minimum, maximum], what training has seen of it, and f(x') = sign(x')
/// log(1 + |x'|) where `logarithmic`, else x'.
struct NumberScale {
  bool logarithmic = false;
  float minimum = 0;
  float maximum = 0;
  float mean = 0;
  float scale = 1;
};

/// z; 0, which stands for the mean, where x is NaN.
float scaled(const NumberScale& scale, float x);

/// One column of a behaviour log, as a tabular model reads it. (A ranker's context is of columns
/// too; it has neither vectors nor weights.) It gives the network `width` inputs,
/// and the linear head one term x_j for each of `weights`:
///   kNumber    z and, with `has_missing`, 1 where the cell is missing, else 0: inputs and terms
///   kCategory  inputs: the sum of the rows of `vectors` that the cell names; terms: 1 for these
///              rows, 0 for all others
/// Behind the categories' rows stand two more: of any category that is not among them, and of a
/// cell that is missing.
struct TabularColumnView {
  std::string_view name;
  AttributeKind kind{};
  NumberScale scale;              ///< kNumber
  bool has_missing = false;       ///< kNumber: training has seen missing cells
  TextsView categories;           ///< kCategory: ascending, byte by byte
  MatrixView vectors;             ///< kCategory: (categories + 2) x width
  std::uint32_t first_input = 0;  ///< of its inputs among all
  std::uint32_t width = 0;
  std::span<const float> weights;

  std::uint32_t other_row() const { return static_cast<std::uint32_t>(categories.size()); }
  std::uint32_t missing_row() const { return other_row() + 1; }
  /// The row of a category; `other_row()` for one that the model does not know.
  std::uint32_t row_of(std::string_view category) const;
};

/// Candidates of one or several retrievers, and an MLP that scores them; ReLU between layers, one
/// output: a logit, or where the encoder is kValueFoldIn a value. The encoder's best item comes
/// first, then the best of each further retriever, then all their second best and so on, each item
/// once, until there are `candidates`. layers.front() takes [user vector, item vector, features]
/// or the features alone: where the encoder is kItemWeights, and where its inputs are no more.
/// layers.back().outputs == 1. Layers between the first and the last may be quantised.
///
/// What the item vector and the features that do not depend on the visitor add to an output of the
/// first layer is, with `rounds_item_half`, rounded to 8 bits: a whole number of -127 to 127 times
/// a scale, for each item the largest magnitude of these over 127.
struct RankerView {
  std::span<const DenseLayerView> layers;
  std::span<const FeatureView> features;
  std::uint32_t candidates = 0;
  std::span<const ItemWeightsView> retrievers;  ///< beside the encoder
  bool rounds_item_half = false;
  std::span<const TabularColumnView> context;  ///< what is known of a visit, for the features of it

  bool reads_vectors() const { return layers.front().inputs > features.size(); }
};

/// Predicted value of an item, where people rate (the baseline of Koren 2010, "Factor in the
/// Neighbors", section 2.1, and the retrieval score on top of it):
///
///   clamp(mean + item_bias + visitor_bias + slope * score, minimum, maximum),
///   visitor_bias = sum_{j in S} (value_j - mean - item_bias_j) / (visitor_damping + number of
///   valued events in S).
/// `score` is the retrieval score, 0 for an empty history. Where the encoder is kValueFoldIn, the
/// score (of the ranker, if there is one) is the value already: clamp(score, minimum, maximum), or
/// for an empty history clamp(mean + item_bias, minimum, maximum).
struct ValueHeadView {
  float mean = 0;
  std::span<const float> item_bias;
  float visitor_damping = 0;  ///< > 0
  float slope = 0;
  float minimum = 0;
  float maximum = 0;
};

/// Places items that nobody has touched, in every table that has a row an item, by what is known of
/// them. Attribute a has `columns[a]` columns, behind those of the attributes before it: a number
/// one, categories one each, up to how many were known when the map was made (further ones say
/// nothing). With x_c of an item (number - means[a]) * scales[a], 0 where missing, or 1 where it
/// has the category, else 0:
///
///   outputs = base + sum_c x_c coefficients_c
///
/// The outputs are the item vector; then, where the model has a table of them, the vector in a
/// history; then the implicit vector, alike; then, with a value head, the bias.
struct ContentMapView {
  std::span<const std::uint32_t> columns;
  std::span<const float> means;
  std::span<const float> scales;
  std::span<const float> base;          ///< one an output
  std::span<const float> coefficients;  ///< a row of outputs a column
};

/// An inverted file of the item vectors (Jegou, Douze, Schmid 2011, "Product quantization for
/// nearest neighbor search", section 4, without the codes): every item is in one list, and the best
/// items for a user vector are sought in the `probes` lists with the largest centroid . user vector
/// alone. Who reads the file may leave it aside: then lists are exact.
struct ListIndexView {
  MatrixView centroids;                  ///< a row a list; `make_list_index` says of what
  std::span<const std::uint16_t> lists;  ///< one an item: a row of the centroids
  std::uint32_t probes = 0;              ///< 1 to all lists
  std::uint32_t length = 0;  ///< of the longest list of items that is to be found this way, > 0
  float recall = 0;          ///< share of the exact best `length` items that was found in a test
};

enum class TabularTarget : std::uint8_t { kProbability, kValue };

/// The cells of one column, row after row. Borrowed.
struct CellsView {
  std::span<const float> numbers;          ///< kNumber: one a row, NaN where missing; else empty
  std::span<const std::uint32_t> offsets;  ///< kCategory: rows + 1 positions in `entries`
  std::span<const std::uint32_t> entries;  ///< rows of vectors, each once in a cell, at least one

  std::span<const std::uint32_t> entries_of(std::size_t row) const {
    return entries.subspan(offsets[row], offsets[row + 1] - offsets[row]);
  }
};

/// Scores rows of columns (a click log's: one row an example) by two models of the same label. The
/// network, an MLP with ReLU between its layers and one output, is given all columns' inputs; the
/// linear head is R = bias + sum_j w_j x_j over all columns' terms. Both are logits of the label, p
/// = 1 / (1 + exp(-logit)), or with kValue the label's value.
struct TabularView {
  std::string_view label;
  TabularTarget target{};
  std::span<const TabularColumnView> columns;
  std::span<const float> average;  ///< the mean of each input over the rows of the training
  std::span<const DenseLayerView> layers;
  float bias = 0;
};

struct MetricView {
  std::string_view name;
  double value = 0;
};

/// What the file says of its own making.
struct FactsView {
  std::string_view producer;         ///< "palate 0.1.0"
  std::string_view recipe;           ///< the recipe's name
  std::string_view recipe_toml;      ///< the recipe in full, after overrides
  std::string_view instruction_set;  ///< of the training; the same one gives the same bytes
  std::uint64_t users = 0;
  std::uint64_t interactions = 0;
  std::int64_t newest_ms = 0;  ///< time of the newest interaction; 0 when the log has no times
  std::uint64_t seed = 0;
  std::span<const MetricView> metrics;
};

/// A checked model file. Copies no section: all views point into the bytes given to `open`, and
/// only the index of ids is built beside them. Immutable, so safe to share between threads.
class Model {
 public:
  /// Checks and maps `bytes`, which must outlive the model and start at a multiple of 16.
  /// Three steps, each with its own errors: header (magic, version, length, SHA-256); FlatBuffers
  /// verifier (`kModelStructure`); meaning (sizes, indices, finite numbers, unique ids:
  /// `kModelMeaning`, or `kModelUnsupported` for what a later release may know). Takes time linear
  /// in the file and, beside it, 6 bytes an item, 6 a category while it opens, and 1 MiB at most.
  /// Memory that is refused is `kMemory`; a buffer at another address than a multiple of 16 is
  /// `kRequestInvalid`.
  static Result<Model> open(std::span<const std::byte> bytes);

  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;
  ~Model();

  std::size_t item_count() const;   ///< 0 only where the file holds nothing but a tabular model
  std::uint32_t dimension() const;  ///< of the item vectors; 0 where the model has none

  std::string_view id(ItemIndex item) const;
  std::string_view title(ItemIndex item) const;    ///< empty where unknown
  std::uint32_t popularity(ItemIndex item) const;  ///< interactions in the training log
  std::optional<ItemIndex> find(std::string_view id) const;
  std::span<const AttributeView> attributes() const;
  const TextsView& event_types() const;  ///< names of what people do with items; may be empty
  std::uint32_t event_type(std::string_view name) const;  ///< for `Event::type`

  const TableView& item_vectors() const;
  EncoderKind encoder() const;
  const FoldInView* fold_in() const;              ///< null unless encoder() is kFoldIn
  const WeightedMeanView* weighted_mean() const;  ///< null unless encoder() is kWeightedMean
  const ItemWeightsView* item_weights() const;    ///< null unless encoder() is kItemWeights
  const SequenceView* sequence() const;           ///< null unless encoder() is kSequence
  const ValueFoldInView* value_fold_in() const;   ///< null unless encoder() is kValueFoldIn
  const RankerView* ranker() const;               ///< null where the model has none
  const ValueHeadView* value_head() const;        ///< null where the log had no values
  const TabularView* tabular() const;             ///< null where the model ranks items
  /// The index is checked when it is asked for: a page that leaves it aside need not load the code.
  bool has_list_index() const;
  Result<ListIndexView> list_index()
      const;  ///< `kModelMeaning` where it makes no sense, or is none
  const FactsView& facts() const;
  std::span<const std::byte> bytes() const;  ///< the whole file

 private:
  explicit Model(std::unique_ptr<const internal::MappedModel> mapped);
  std::unique_ptr<const internal::MappedModel> mapped_;
};

/// The model's content map, none where it has none. `Model::open` does not look at it, for a page
/// that adds no items to pay nothing: it is checked here (`kModelMeaning`).
Result<std::optional<ContentMapView>> content_map_of(const Model& model);

}  // namespace palate

#endif  // PALATE_MODEL_H_
