// How the golden models are made.
#include "golden_models.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "model/writer.h"

namespace palate::golden {
namespace {

constexpr std::array<const char*, 3> kKinds = {"comedy", "drama", "space"};

// A linear congruential generator (Numerical Recipes); fractions of 64 in [-range, range] / 64.
class Fractions {
 public:
  float next(int range) {
    state_ = state_ * 1664525 + 1013904223;
    return static_cast<float>(static_cast<int>((state_ >> 16) % (2 * range + 1)) - range) / 64;
  }

 private:
  std::uint32_t state_ = 1;
};

Catalogue catalogue(std::uint32_t items) {
  Catalogue catalogue;
  Attribute kind{"kind", AttributeKind::kCategory, {}, {"comedy", "drama", "space", "odd"}, {0},
                 {}};
  Attribute year{"year", AttributeKind::kNumber, {}, {}, {}, {}};
  for (std::uint32_t item = 0; item < items; ++item) {
    catalogue.ids.push_back("f" + std::to_string(item));
    catalogue.popularity.push_back(1000 / (item + 1));
    catalogue.titles.push_back("A " + std::string(kKinds[item % 3]) + " " + std::to_string(item));
    kind.entries.push_back(item % 3);
    if (item % 2 == 1) kind.entries.push_back(3);
    kind.offsets.push_back(static_cast<std::uint32_t>(kind.entries.size()));
    year.numbers.push_back(1990 + static_cast<float>(item * 7 % 30));
  }
  // One text beyond ASCII, one that is missing, one item without a year and one of no kind.
  catalogue.ids[2] = "\u00fc2";
  catalogue.titles[3] = "";
  year.numbers[4] = kNoValue;
  kind.entries.erase(kind.entries.begin() + kind.offsets[6]);
  for (std::uint32_t item = 7; item <= items; ++item) --kind.offsets[item];
  catalogue.attributes = {kind, year};
  return catalogue;
}

// Each vector leans to the axis of its kind.
std::vector<float> item_vectors(std::uint32_t items, std::uint32_t dimension) {
  Fractions fractions;
  std::vector<float> values;
  for (std::uint32_t item = 0; item < items; ++item) {
    for (std::uint32_t axis = 0; axis < dimension; ++axis) {
      values.push_back((axis == item % 3 ? 1.0F : 0.0F) + fractions.next(8));
    }
  }
  return values;
}

FoldIn fold_in(const std::vector<float>& vectors, std::uint32_t dimension) {
  FoldIn fold_in{{}, 0.125F, 0.0625F, 1.0F};
  for (std::uint32_t row = 0; row < dimension; ++row) {
    for (std::uint32_t column = 0; column <= row; ++column) {
      float sum = 0;
      for (std::size_t at = 0; at < vectors.size(); at += dimension) {
        sum += vectors[at + row] * vectors[at + column];
      }
      fold_in.gramian.push_back(sum);
    }
  }
  return fold_in;
}

// One pair of units hands the retrieval score on, the others add a little of everything.
Ranker ranker(std::uint32_t dimension) {
  Ranker ranker;
  ranker.features = {{FeatureSource::kRetrievalScore, 0, 0, 0.0F, 1.0F},
                     {FeatureSource::kPopularity, 0, 0, 5.0F, 0.5F},
                     {FeatureSource::kNumber, 1, 0, 2004.0F, 0.125F},
                     {FeatureSource::kMissing, 1, 0, 0.125F, 2.0F},
                     {FeatureSource::kCategory, 0, 3, 0.5F, 2.0F}};
  const auto inputs = static_cast<std::uint32_t>(2 * dimension + ranker.features.size());
  constexpr std::uint32_t kUnits = 4;
  Fractions fractions;
  DenseLayer hidden{inputs, kUnits, std::vector<float>(std::size_t{inputs} * kUnits),
                    std::vector<float>(kUnits)};
  const std::size_t scores = std::size_t{2} * dimension;  // where the first feature comes in
  for (float& weight : hidden.weights) weight = fractions.next(4);
  for (float& bias : hidden.bias) bias = fractions.next(8);
  hidden.weights[scores] = 4;
  hidden.weights[inputs + scores] = -4;
  ranker.layers = {std::move(hidden), {kUnits, 1, {1.0F, -1.0F, 0.25F, -0.25F}, {-0.5F}}};
  ranker.candidates = 8;
  return ranker;
}

HistoryWeights history_weights() { return {{1.0F, 0.75F, 0.5F}, 0.5F, 1.0F}; }

// With a column of the first layer for each.
void append_features(std::initializer_list<FeatureView> features, Ranker& ranker) {
  ranker.features.insert(ranker.features.end(), features);
  Fractions fractions;
  DenseLayer& layer = ranker.layers.front();
  std::vector<float> weights;
  for (std::uint32_t o = 0; o < layer.outputs; ++o) {
    const auto row = layer.weights.begin() + o * layer.inputs;
    weights.insert(weights.end(), row, row + layer.inputs);
    for (std::size_t f = 0; f < features.size(); ++f) weights.push_back(fractions.next(32));
  }
  layer.weights = std::move(weights);
  layer.inputs += static_cast<std::uint32_t>(features.size());
}

// Each item speaks for the others of its kind, the more popular the more, and against its
// neighbour.
ItemWeights item_weights(std::uint32_t items) {
  ItemWeights rows{history_weights(), {0}, {}, {}};
  for (std::uint32_t item = 0; item < items; ++item) {
    for (std::uint32_t other = 0; other < items; ++other) {
      const bool same_kind = other != item && other % 3 == item % 3;
      if (!same_kind && other != item + 1) continue;
      rows.columns.push_back(other);
      rows.values.push_back(same_kind ? 1 - static_cast<float>(other) / 32 : -0.25F);
    }
    rows.offsets.push_back(static_cast<std::uint32_t>(rows.columns.size()));
  }
  return rows;
}

DenseLayer layer(std::uint32_t inputs, std::uint32_t outputs, Fractions& fractions) {
  DenseLayer layer{inputs, outputs, {}, {}};
  for (std::uint32_t k = 0; k < inputs * outputs; ++k) layer.weights.push_back(fractions.next(16));
  for (std::uint32_t k = 0; k < outputs; ++k) layer.bias.push_back(fractions.next(64));
  return layer;
}

// One block of attention with two heads that looks at four events.
Sequence sequence(std::uint32_t dimension) {
  Fractions fractions;
  Sequence sequence;
  sequence.heads = 2;
  sequence.window = 4;
  SequenceBlock& block = sequence.blocks.emplace_back();
  block.mix_in = layer(dimension, 3 * dimension, fractions);
  block.mix_out = layer(dimension, dimension, fractions);
  for (int k = 0; k < 2 * 4; ++k) block.distances.push_back(fractions.next(16));
  block.widen = layer(dimension, 5, fractions);
  block.narrow = layer(5, dimension, fractions);
  sequence.gains = {1.0F, 0.5F, 1.0F, 2.0F};
  for (std::size_t k = 0; k < kGapBuckets * dimension; ++k) {
    sequence.gap_vectors.push_back(fractions.next(4));
  }
  return sequence;
}

// One block of a recurrence with three states that reads types and repeats.
Sequence recurrence(std::uint32_t dimension) {
  Fractions fractions;
  Sequence sequence;
  sequence.mixer = Mixer::kRecurrence;
  SequenceBlock& block = sequence.blocks.emplace_back();
  block.mix_in = layer(dimension, 3 * 3, fractions);
  block.mix_out = layer(3, dimension, fractions);
  block.widen = layer(dimension, 5, fractions);
  block.narrow = layer(5, dimension, fractions);
  sequence.gains = {1.0F, 0.5F, 1.0F, 2.0F};
  for (std::size_t k = 0; k < 3 * dimension; ++k) {
    sequence.type_vectors.push_back(fractions.next(4));
  }
  sequence.repeats = true;
  return sequence;
}

ValueHead value_head(std::uint32_t items) {
  Fractions fractions;
  ValueHead head{3.5F, {}, 4.0F, 0.5F, 1.0F, 5.0F};
  for (std::uint32_t item = 0; item < items; ++item) head.item_bias.push_back(fractions.next(32));
  return head;
}

TrainingFacts facts(std::string recipe) {
  TrainingFacts facts;
  facts.recipe_toml = "kind = \"" + recipe + "\"\n";
  facts.recipe = std::move(recipe);
  facts.instruction_set = "x86-64";
  facts.users = 700;
  facts.interactions = 3103;
  facts.newest_ms = 1'700'000'000'123;
  facts.seed = 7;
  facts.metrics = {{"ndcg@10", 0.25}, {"recall@10", 0.375}};
  return facts;
}

// With item vectors where there is a dimension.
ModelContents model_of(std::uint32_t items, const char* recipe, std::uint32_t dimension = 0) {
  ModelContents contents;
  contents.catalogue = catalogue(items);
  contents.dimension = dimension;
  contents.item_vectors = item_vectors(items, dimension);
  contents.facts = facts(recipe);
  return contents;
}

}  // namespace

ModelContents popularity_model() { return model_of(12, "popular"); }

ModelContents fold_in_model() {
  ModelContents contents = model_of(48, "ials", 8);
  contents.fold_in = fold_in(contents.item_vectors, contents.dimension);
  return contents;
}

ModelContents hybrid_model() {
  ModelContents contents = model_of(12, "hybrid", 4);
  contents.fold_in = fold_in(contents.item_vectors, contents.dimension);
  contents.ranker = ranker(contents.dimension);
  contents.value_head = value_head(12);
  return contents;
}

ModelContents weighted_mean_model() {
  ModelContents contents = model_of(12, "weighted-mean", 4);
  contents.weighted_mean = WeightedMean{history_weights(), contents.item_vectors};
  std::reverse(contents.weighted_mean->history_vectors.begin() + 3 * 4,
               contents.weighted_mean->history_vectors.begin() + 4 * 4);
  return contents;
}

ModelContents item_weights_model() {
  ModelContents contents = model_of(12, "item-weights");
  contents.item_weights = item_weights(12);
  return contents;
}

ModelContents sequence_model() {
  ModelContents contents = model_of(12, "sequence", 4);
  contents.sequence = sequence(contents.dimension);
  return contents;
}

ModelContents recurrence_model() {
  ModelContents contents = model_of(12, "sequence", 4);
  contents.sequence = recurrence(contents.dimension);
  contents.event_types = {"view", "buy"};
  return contents;
}

ModelContents value_fold_in_model() {
  ModelContents contents = model_of(12, "rating", 4);
  ValueFoldIn fold_in{{}, 0.75F, 0.25F};
  for (std::size_t at = 0; at < contents.item_vectors.size(); ++at) {
    fold_in.implicit_vectors.push_back(contents.item_vectors[at] / 4);
    if (at % 4 == 3) contents.item_vectors[at] = 0.5F;  // what meets the visitor's bias
  }
  contents.value_fold_in = std::move(fold_in);
  contents.ranker = ranker(contents.dimension);
  contents.value_head = value_head(12);
  return contents;
}

ModelContents cosines_model() {
  ModelContents contents = value_fold_in_model();
  contents.ranker.reset();
  contents.value_fold_in->by_cosine = true;
  return contents;
}

ModelContents byte_ranker_model() {
  ModelContents contents = hybrid_model();
  Ranker& ranker = *contents.ranker;
  ranker.rounds_item_half = true;
  DenseLayer between{4, 4, {}, {0.25F, 0.0F, -0.25F, 0.5F}};
  between.quantized.scales = {0.0625F, 0.03125F, 0.125F, 0.0F};
  between.quantized.codes.resize(64);
  for (std::size_t o = 0; o < 4; ++o) {
    between.quantized.codes[16 * o + o] = 16;
    between.quantized.codes[16 * o + 3 - o] = static_cast<std::uint8_t>(-4);
  }
  between.input_step = 0.0625F;
  ranker.layers.insert(ranker.layers.begin() + 1, std::move(between));
  return contents;
}

ModelContents int8_model() {
  ModelContents contents = hybrid_model();
  contents.precision = Precision::kInt8;
  return contents;
}

ModelContents int4_model() {
  ModelContents contents = weighted_mean_model();
  contents.precision = Precision::kInt4;
  return contents;
}

// A list for each kind of item, of which one is looked at.
ModelContents with_index(ModelContents contents) {
  ListIndex& index = contents.list_index.emplace();
  constexpr std::uint32_t kLists = 3;
  for (std::uint32_t list = 0; list < kLists; ++list) {
    for (std::uint32_t axis = 0; axis < contents.dimension; ++axis) {
      index.centroids.push_back(axis == list ? 1 : 0);
    }
  }
  for (std::size_t item = 0; item < contents.catalogue.ids.size(); ++item) {
    index.lists.push_back(static_cast<std::uint16_t>(item % kLists));
  }
  index.probes = 1;
  index.length = 4;
  index.recall = 0.875F;
  return contents;
}

ModelContents indexed_model() { return with_index(weighted_mean_model()); }

ModelContents indexed_fold_in_model() {
  ModelContents contents = weighted_mean_model();
  contents.weighted_mean.reset();
  contents.fold_in = fold_in(contents.item_vectors, contents.dimension);
  return with_index(std::move(contents));
}

ModelContents retrievers_model() {
  ModelContents contents = model_of(12, "ials", 4);
  contents.fold_in = fold_in(contents.item_vectors, contents.dimension);
  Ranker ranker;
  ranker.features = {
      {.source = FeatureSource::kRetrievalScore},
      {.source = FeatureSource::kFurtherScore, .scale = 0.5F, .retriever = 1},
      {.source = FeatureSource::kFurtherScore, .mean = 0.5F, .gain = 4.0F},
      {.source = FeatureSource::kAffinity, .decay = 0.75F},
      {.source = FeatureSource::kDistance, .attribute = 1, .mean = 8.0F, .scale = 0.125F},
      {.source = FeatureSource::kHistoryLength}};
  const auto inputs = static_cast<std::uint32_t>(ranker.features.size());
  ranker.layers = {{inputs, 2, {4, 1, 1, 1, -1, 0.25F, -4, -1, -1, -1, 1, 0.5F}, {0.5F, 0.25F}},
                   {2, 1, {1.0F, -0.5F}, {-0.5F}}};
  ranker.candidates = 8;
  ranker.retrievers = {item_weights(12), item_weights(12)};
  ranker.retrievers[1].weights = {{}, 0.0F, 0.5F};
  contents.ranker = std::move(ranker);
  contents.facts = facts("hybrid");
  return contents;
}

ModelContents context_model() {
  ModelContents contents = hybrid_model();
  Ranker& ranker = *contents.ranker;
  TabularColumn hour{"hour", AttributeKind::kNumber, {false, 0, 23, 12, 0.25F}, true, {}, 0, {},
                     {}};
  TabularColumn device{"device", AttributeKind::kCategory, {}, false, {"phone", "\u00fcber"}, 0, {},
                       {}};
  ranker.context = {std::move(hour), std::move(device)};
  append_features({{FeatureSource::kContextNumber, 0},
                   {FeatureSource::kContextKnown, 0},
                   {FeatureSource::kContextCategory, 1, 0},
                   {FeatureSource::kContextCategory, 1, 1}},
                  ranker);
  return contents;
}

ModelContents recency_model() {
  ModelContents contents = hybrid_model();
  Ranker& ranker = *contents.ranker;
  append_features({{FeatureSource::kRecency, 0, 0, 0.5F, 4.0F}}, ranker);
  for (std::size_t item = 0; item < contents.catalogue.ids.size(); ++item) {
    ranker.recency.push_back(static_cast<std::uint8_t>(51 * (item % 6)));
  }
  return contents;
}

ModelContents content_map_model() {
  ModelContents contents = hybrid_model();
  ContentMap& map = contents.content_map.emplace();
  map.columns = {3, 1};  // the kind "odd" came later
  map.means = {0, 2004};
  map.scales = {0, 0.125F};
  Fractions fractions;
  for (int output = 0; output < 5; ++output) map.base.push_back(fractions.next(8));
  for (int at = 0; at < 4 * 5; ++at) map.coefficients.push_back(fractions.next(32));
  return contents;
}

ModelContents tabular_model() {
  Fractions fractions;
  const auto many = [&](std::size_t count) {
    std::vector<float> numbers(count);
    for (float& x : numbers) x = fractions.next(64);
    return numbers;
  };
  ModelContents contents;
  Tabular& tabular = contents.tabular.emplace();
  tabular.label = "bought";
  TabularColumn price{"price", AttributeKind::kNumber, {true, 0, 1000, 2, 0.5F}, true, {}, 0,
                      {},      {-0.75F, 0.125F}};
  TabularColumn hour{"hour", AttributeKind::kNumber, {false, 0, 23, 12, 0.25F}, false, {}, 0, {},
                     {0.5F}};
  TabularColumn kind{"kind",   AttributeKind::kCategory,        {},
                     false,    {"drama", "space", "\u00fcber"}, 2,
                     many(10), {0.25F, 1, -1, 0.0625F, -0.5F}};
  tabular.columns = {std::move(price), std::move(hour), std::move(kind)};
  tabular.average = many(5);
  tabular.layers = {{5, 4, many(20), many(4)}, {4, 1, many(4), {-0.5F}}};
  tabular.bias = -0.25F;
  contents.facts = facts("click");
  return contents;
}

std::array<Golden, 19> all() {
  return {{{"popularity.palate", popularity_model()},
           {"fold_in.palate", fold_in_model()},
           {"hybrid.palate", hybrid_model()},
           {"weighted_mean.palate", weighted_mean_model()},
           {"item_weights.palate", item_weights_model()},
           {"retrievers.palate", retrievers_model()},
           {"sequence.palate", sequence_model()},
           {"recurrence.palate", recurrence_model()},
           {"value_fold_in.palate", value_fold_in_model()},
           {"cosines.palate", cosines_model()},
           {"byte_ranker.palate", byte_ranker_model()},
           {"int8.palate", int8_model()},
           {"int4.palate", int4_model()},
           {"indexed.palate", indexed_model()},
           {"indexed_fold_in.palate", indexed_fold_in_model()},
           {"tabular.palate", tabular_model()},
           {"context.palate", context_model()},
           {"recency.palate", recency_model()},
           {"content_map.palate", content_map_model()}}};
}

std::array<GoldenDelta, 2> deltas() {
  return {{{"fold_in_to_hybrid.delta", fold_in_model(), hybrid_model()},
           {"hybrid_to_int8.delta", hybrid_model(), int8_model()}}};
}

Result<std::vector<std::byte>> write(const ModelContents& contents) {
  return internal::write_model_as(contents, "palate golden");
}

}  // namespace palate::golden
