// A model file, checked and mapped: everything right of the file reads it through here.
#ifndef PALATE_MODEL_H_
#define PALATE_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "palate/encoder_views.h"
#include "palate/network_views.h"
#include "palate/result.h"
#include "palate/table_views.h"
#include "palate/types.h"

namespace palate {

namespace internal {
struct MappedModel;
}

/// No item vector, weight or bias in a model file is larger in magnitude, so what is computed from
/// them stays finite as long as user vectors keep to it too.
inline constexpr float kMaxMagnitude = 1e6F;

/// Types of events that a model tells apart, at most.
inline constexpr std::size_t kMaxEventTypes = 64;

/// Predicted value of an item, where people rate (the baseline of Koren 2010, "Factor in the
/// Neighbors", section 2.1, and the retrieval score on top of it):
///
///   clamp(mean + item_bias + visitor_bias + slope * score, minimum, maximum),
///   visitor_bias = sum_{j in S} (value_j - mean - item_bias_j) / (visitor_damping + number of
///   valued events in S).
/// `score` is the retrieval score, 0 for an empty history. Where the encoder is kValueFoldIn, the
/// score (of the ranker, if there is one; not a cosine, but what `ValueFoldInView` has beside it)
/// is the value already: clamp(score, minimum, maximum), or for an empty history clamp(mean +
/// item_bias, minimum, maximum).
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

/// Whether a file is to be compared with the checksum in its header; kCompared where somebody else
/// has done so, or is about to and gives nothing of the model out before.
enum class Checksum : std::uint8_t { kToCompare, kCompared };

/// A checked model file. Copies no section: all views point into the bytes given to `open`, and
/// only the index of ids is built beside them. Immutable, so safe to share between threads.
class Model {
 public:
  /// Checks and maps `bytes`, which must outlive the model and start at a multiple of 16.
  /// Three steps, each with its own errors: header (magic, version, length, SHA-256 unless the
  /// caller has compared it: of all bytes but those at 24 to 55, where it stands); FlatBuffers
  /// verifier (`kModelStructure`); meaning (sizes, indices, finite numbers, unique ids:
  /// `kModelMeaning`, or `kModelUnsupported` for what a later release may know). Takes time linear
  /// in the file and, beside it, 6 bytes an item, 6 a category while it opens, and 1 MiB at most.
  /// Memory that is refused is `kMemory`; a buffer at another address than a multiple of 16 is
  /// `kRequestInvalid`.
  static Result<Model> open(std::span<const std::byte> bytes,
                            Checksum checksum = Checksum::kToCompare);

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
  /// `kModelMeaning` where it makes no sense, or is none.
  Result<ListIndexView> list_index() const;
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
