// From trained numbers to the bytes of a model file, and safely onto a disk.
#ifndef PALATE_MODEL_WRITER_H_
#define PALATE_MODEL_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "palate/model.h"

namespace palate {

/// An attribute that owns its numbers; the fields of `AttributeView`.
struct Attribute {
  std::string name;
  AttributeKind kind{};
  std::vector<float> numbers;
  std::vector<std::string> categories;
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint32_t> entries;
};

/// What each item is, one row an item, most popular first (ties: the id that sorts first, byte by
/// byte).
struct Catalogue {
  std::vector<std::string> ids;
  std::vector<std::uint32_t> popularity;
  std::vector<std::string> titles;  ///< empty, or one an item
  std::vector<Attribute> attributes;
};

struct FoldIn {
  std::vector<float> gramian;
  float unobserved_weight = 0;
  float regularization = 0;
  float exponent = 0;
};

/// The fields of `HistoryWeightsView`.
struct HistoryWeights {
  std::vector<float> recency;
  float popularity_exponent = 0;
  float length_exponent = 0;
};

struct WeightedMean {
  HistoryWeights weights;
  std::vector<float> history_vectors;  ///< items x dimension; empty: the item table itself
};

struct ItemWeights {
  HistoryWeights weights;
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint32_t> columns;
  std::vector<float> values;
};

struct ValueFoldIn {
  std::vector<float> implicit_vectors = {};  ///< items x dimension; empty: all zero
  float regularization = 0;
  float exponent = 0;
  bool by_cosine = false;
};

/// The codes of a table, as `TableView` describes them.
struct QuantizedTable {
  std::vector<float> scales;
  std::vector<std::uint8_t> codes;
};

struct DenseLayer {
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  std::vector<float> weights;  ///< empty where quantised
  std::vector<float> bias;
  QuantizedTable quantized = {};  ///< kInt8; empty: not
  float input_step = 0;
};

struct SequenceBlock {
  DenseLayer mix_in;
  DenseLayer mix_out;
  std::vector<float> distances;
  DenseLayer widen;
  DenseLayer narrow;
};

/// The fields of `SequenceView`.
struct Sequence {
  Mixer mixer = Mixer::kAttention;
  std::uint32_t heads = 0;
  std::uint32_t window = 0;
  std::vector<SequenceBlock> blocks;
  std::vector<float> gains;
  std::vector<float> gap_vectors;   ///< empty where gaps say nothing
  std::vector<float> type_vectors;  ///< empty where types say nothing
  bool repeats = false;
};

/// The fields of `TabularColumnView`.
struct TabularColumn {
  std::string name;
  AttributeKind kind{};
  NumberScale scale;
  bool has_missing = false;
  std::vector<std::string> categories;
  std::uint32_t width = 0;  ///< of a vector; numbers have none
  std::vector<float> vectors;
  std::vector<float> weights;
};

struct Ranker {
  std::vector<DenseLayer> layers;
  std::vector<FeatureView> features;
  std::uint32_t candidates = 0;
  std::vector<ItemWeights> retrievers;  ///< beside the encoder
  bool rounds_item_half = false;
  std::vector<TabularColumn> context = {};  ///< without vectors and weights
  std::vector<std::uint8_t> recency = {};
};

struct ValueHead {
  float mean = 0;
  std::vector<float> item_bias;
  float visitor_damping = 0;
  float slope = 0;
  float minimum = 0;
  float maximum = 0;
};

struct Tabular {
  std::string label;
  TabularTarget target{};
  std::vector<TabularColumn> columns;
  std::vector<float> average;
  std::vector<DenseLayer> layers;
  float bias = 0;
};

/// The fields of `ContentMapView`.
struct ContentMap {
  std::vector<std::uint32_t> columns;
  std::vector<float> means;
  std::vector<float> scales;
  std::vector<float> base;
  std::vector<float> coefficients;
};

/// The fields of `ListIndexView`.
struct ListIndex {
  std::vector<float> centroids;  ///< lists x dimension
  std::vector<std::uint16_t> lists;
  std::uint32_t probes = 0;
  std::uint32_t length = 0;
  float recall = 0;
};

struct Metric {
  std::string name;
  double value = 0;
};

struct TrainingFacts {
  std::string recipe;
  std::string recipe_toml;
  std::string instruction_set;
  std::uint64_t users = 0;
  std::uint64_t interactions = 0;
  std::int64_t newest_ms = 0;
  std::uint64_t seed = 0;
  std::vector<Metric> metrics;
};

/// Everything a model file holds, as values. Shapes as in the views of `model.h`. At most one
/// encoder is set; with none the encoder is popularity.
struct ModelContents {
  Catalogue catalogue;
  std::uint32_t dimension = 0;
  std::vector<float> item_vectors;  ///< items x dimension; empty where none are needed
  /// In which the item table and the tables of its shape are written; see `quantize`.
  Precision precision = Precision::kFloat32;
  std::optional<FoldIn> fold_in;
  std::optional<WeightedMean> weighted_mean;
  std::optional<ItemWeights> item_weights;
  std::optional<Sequence> sequence;
  std::optional<ValueFoldIn> value_fold_in;  ///< needs the value head
  std::optional<Ranker> ranker;
  std::optional<ValueHead> value_head;
  std::vector<std::string> event_types;
  std::optional<Tabular> tabular;         ///< with it the catalogue may be empty
  std::optional<ContentMap> content_map;  ///< needs item vectors and attributes
  std::optional<ListIndex> list_index;
  TrainingFacts facts;
};

/// Rounds rows of `columns` finite numbers to `precision`, kInt8 or kInt4. Symmetric: codes of -127
/// to 127 or of -7 to 7. The scale of a row brings its largest number to the largest code; of 4
/// bits it is the one with the smallest squared error among that one and 15 smaller ones, down to
/// half of it, with which the largest numbers are cut. What was quantised before is kept, but for
/// rounding of its scale.
QuantizedTable quantize(std::span<const float> values, std::uint32_t columns, Precision precision);

/// The bytes of a model file. The same contents give the same bytes. They are opened once before
/// they are returned, so a file that a reader would refuse is never written.
Result<std::vector<std::byte>> write_model(const ModelContents& contents);

/// Puts `bytes` at `path` atomically: temporary file beside it, fsync, rename, fsync of the folder.
/// A crash at any moment leaves the old file or the new one. `kFileWrite` names the path, the step
/// that failed and the system's reason; only regular files are replaced.
Status save_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// A whole file in 16-byte aligned memory, ready for `Model::open`.
class FileBytes {
 public:
  /// `kFileOpen` when the file is missing, cannot be read, is no regular file or is over 2 GiB.
  static Result<FileBytes> read(const std::filesystem::path& path);
  /// For bytes that came otherwise than from a file.
  static Result<FileBytes> copy_of(std::span<const std::byte> bytes);

  std::span<const std::byte> bytes() const { return {data_.get(), size_}; }

 private:
  static Result<FileBytes> allocate(std::size_t size);

  struct Free {
    void operator()(std::byte* data) const;
  };
  std::unique_ptr<std::byte, Free> data_;
  std::size_t size_ = 0;
};

}  // namespace palate

#endif  // PALATE_MODEL_WRITER_H_
