// Random catalogues, factorisations and rankers.
#include "sample_models.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstdio>
#include <set>
#include <string>
#include <utility>

namespace palate::testing {
namespace {

std::string numbered(const char* format, unsigned number) {
  char text[32];
  std::snprintf(text, sizeof(text), format, number);
  return text;
}

Attribute sample_genres(std::uint32_t items, SampleNumbers& numbers) {
  Attribute genres{.name = "genre",
                   .kind = AttributeKind::kCategory,
                   .numbers = {},
                   .categories = {"Action", "Comedy", "Drama", "Western"},
                   .offsets = {0},
                   .entries = {}};
  for (std::uint32_t item = 0; item < items; ++item) {
    for (std::uint32_t category = 0; category < 4; ++category) {
      if (numbers.below(3) == 0) genres.entries.push_back(category);
    }
    genres.offsets.push_back(static_cast<std::uint32_t>(genres.entries.size()));
  }
  return genres;
}

Attribute sample_years(std::uint32_t items, SampleNumbers& numbers) {
  Attribute years{.name = "year",
                  .kind = AttributeKind::kNumber,
                  .numbers = {},
                  .categories = {},
                  .offsets = {},
                  .entries = {}};
  for (std::uint32_t item = 0; item < items; ++item) {
    const auto year = static_cast<float>(1950 + numbers.below(70));
    years.numbers.push_back(numbers.below(5) == 0 ? kNoValue : year);
  }
  return years;
}

DenseLayer sample_layer(std::uint32_t inputs, std::uint32_t outputs, SampleNumbers& numbers) {
  const float bound = 2.0F / std::sqrt(static_cast<float>(inputs));
  return {.inputs = inputs,
          .outputs = outputs,
          .weights = numbers.many(std::size_t{inputs} * outputs, -bound, bound),
          .bias = numbers.many(outputs, -0.2F, 0.2F)};
}

HistoryWeights sample_history_weights() {
  return {.recency = {1.0F, 0.75F, 0.0F, 0.5F, 0.25F},
          .popularity_exponent = 0.3F,
          .length_exponent = 0.7F};
}

ValueHead sample_value_head(std::uint32_t items, SampleNumbers& numbers) {
  return {.mean = 3.5F,
          .item_bias = numbers.many(items, -0.5F, 0.5F),
          .visitor_damping = 5.0F,
          .slope = 0.4F,
          .minimum = 0.5F,
          .maximum = 5.0F};
}

}  // namespace

std::uint64_t SampleNumbers::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

float SampleNumbers::between(float low, float high) {
  return low + (high - low) * (static_cast<float>(next() >> 40) * 0x1p-24F);
}

std::uint32_t SampleNumbers::below(std::uint32_t limit) {
  return static_cast<std::uint32_t>(((next() >> 32) * limit) >> 32);
}

std::vector<float> SampleNumbers::many(std::size_t count, float low, float high) {
  std::vector<float> numbers(count);
  std::generate(numbers.begin(), numbers.end(), [&] { return between(low, high); });
  return numbers;
}

ModelContents sample_popularity(const SampleShape& shape) {
  SampleNumbers numbers(shape.seed);
  ModelContents contents;
  Catalogue& catalogue = contents.catalogue;
  for (std::uint32_t item = 0; item < shape.items; ++item) {
    catalogue.ids.push_back(numbered("item-%04u", item));
    catalogue.titles.push_back(numbered("The Item No. %u", item));
    catalogue.popularity.push_back(1 + numbers.below(500));
  }
  std::sort(catalogue.popularity.rbegin(), catalogue.popularity.rend());
  catalogue.attributes = {sample_genres(shape.items, numbers), sample_years(shape.items, numbers)};
  contents.facts = {.recipe = "sample",
                    .recipe_toml = "name = \"sample\"\n",
                    .instruction_set = "x86-64",
                    .users = 100,
                    .interactions = 2000,
                    .newest_ms = 1'700'000'000'000,
                    .seed = shape.seed,
                    .metrics = {{.name = "ndcg@10", .value = 0.25}}};
  return contents;
}

ModelContents sample_fold_in(const SampleShape& shape) {
  ModelContents contents = sample_popularity(shape);
  SampleNumbers numbers(shape.seed + 1);
  contents.dimension = shape.dimension;
  contents.item_vectors = numbers.many(std::size_t{shape.items} * shape.dimension, -0.6F, 0.8F);
  contents.fold_in = FoldIn{.gramian = gramian_of(contents),
                            .unobserved_weight = 0.2F,
                            .regularization = 0.05F,
                            .exponent = 0.8F};
  contents.value_head = sample_value_head(shape.items, numbers);
  return contents;
}

ModelContents with_index(ModelContents contents) {
  constexpr std::uint32_t kLists = 5;
  SampleNumbers numbers(13);
  ListIndex& index = contents.list_index.emplace();
  index.centroids = numbers.many(std::size_t{kLists} * contents.dimension, -1, 1);
  for (std::size_t item = 0; item < contents.catalogue.ids.size(); ++item) {
    index.lists.push_back(static_cast<std::uint16_t>(numbers.below(kLists)));
  }
  index.probes = 2;
  index.length = 60;
  index.recall = 0.5F;
  return contents;
}

ModelContents with_context(ModelContents contents) {
  Ranker& ranker = *contents.ranker;
  ranker.context = {
      {"device", AttributeKind::kCategory, {}, false, {"phone", "tablet"}, 0, {}, {}},
      {"hour", AttributeKind::kNumber, {false, 0, 23, 12, 0.125F}, true, {}, 0, {}, {}}};
  const FeatureView features[] = {{FeatureSource::kContextCategory, 0, 0},
                                  {FeatureSource::kContextCategory, 0, 1},
                                  {FeatureSource::kContextNumber, 1},
                                  {FeatureSource::kContextKnown, 1}};
  ranker.features.insert(ranker.features.end(), std::begin(features), std::end(features));
  SampleNumbers numbers(11);
  DenseLayer& layer = ranker.layers.front();
  std::vector<float> weights;
  for (std::uint32_t o = 0; o < layer.outputs; ++o) {
    const auto row = layer.weights.begin() + o * layer.inputs;
    weights.insert(weights.end(), row, row + layer.inputs);
    for (const float weight : numbers.many(std::size(features), -1, 1)) weights.push_back(weight);
  }
  layer.weights = std::move(weights);
  layer.inputs += static_cast<std::uint32_t>(std::size(features));
  return contents;
}

ModelContents sample_weighted_mean(const SampleShape& shape) {
  ModelContents contents = sample_fold_in(shape);
  SampleNumbers numbers(shape.seed + 3);
  contents.fold_in.reset();
  contents.weighted_mean =
      WeightedMean{.weights = sample_history_weights(),
                   .history_vectors = numbers.many(contents.item_vectors.size(), -0.8F, 0.6F)};
  return contents;
}

ModelContents sample_sequence(Mixer mixer, const SampleShape& shape) {
  ModelContents contents = sample_fold_in(shape);
  SampleNumbers numbers(shape.seed + 5);
  const std::uint32_t d = shape.dimension;
  const auto layer = [&](std::uint32_t inputs, std::uint32_t outputs) {
    return DenseLayer{inputs, outputs, numbers.many(std::size_t{inputs} * outputs, -0.5F, 0.5F),
                      numbers.many(outputs, -0.2F, 0.2F)};
  };
  Sequence sequence;
  sequence.mixer = mixer;
  const bool attends = mixer == Mixer::kAttention;
  const std::uint32_t width = attends ? d : shape.state;
  if (attends) {
    sequence.heads = 2;
    sequence.window = shape.window;
  }
  for (int block = 0; block < 2; ++block) {
    sequence.blocks.push_back({.mix_in = layer(d, 3 * width),
                               .mix_out = layer(width, d),
                               .distances = numbers.many(attends ? 2 * shape.window : 0, -1, 1),
                               .widen = layer(d, shape.wide),
                               .narrow = layer(shape.wide, d)});
  }
  sequence.gains = numbers.many(d, 0.5F, 1.5F);
  sequence.gap_vectors = numbers.many(kGapBuckets * d, -0.5F, 0.5F);
  contents.event_types = {"view", "buy"};
  sequence.type_vectors = numbers.many(3 * d, -0.2F, 0.2F);
  contents.fold_in.reset();
  contents.sequence = std::move(sequence);
  return contents;
}

ModelContents sample_item_weights(const SampleShape& shape) {
  ModelContents contents = sample_popularity(shape);
  SampleNumbers numbers(shape.seed + 4);
  ItemWeights rows{
      .weights = sample_history_weights(), .offsets = {0}, .columns = {}, .values = {}};
  for (std::uint32_t row = 0; row < shape.items; ++row) {
    std::set<std::uint32_t> columns;
    for (std::uint32_t entry = numbers.below(13); entry > 0; --entry) {
      const std::uint32_t column = entry == 6 ? row : numbers.below(shape.items);
      if (column % 4 != 3) columns.insert(column);
    }
    rows.columns.insert(rows.columns.end(), columns.begin(), columns.end());
    rows.offsets.push_back(static_cast<std::uint32_t>(rows.columns.size()));
  }
  rows.values = numbers.many(rows.columns.size(), -0.5F, 1.0F);
  contents.item_weights = std::move(rows);
  contents.value_head = sample_value_head(shape.items, numbers);
  return contents;
}

ModelContents sample_hybrid(const SampleShape& shape) {
  ModelContents contents = sample_fold_in(shape);
  SampleNumbers numbers(shape.seed + 2);
  Ranker ranker;
  ranker.features = {
      {.source = FeatureSource::kRetrievalScore, .mean = 0.3F, .scale = 1.5F},
      {.source = FeatureSource::kPopularity, .mean = 4.0F, .scale = 0.5F},
      {.source = FeatureSource::kNumber, .attribute = 1, .mean = 1985.0F, .scale = 0.05F},
      {.source = FeatureSource::kMissing, .attribute = 1, .mean = 0.2F, .scale = 2.5F},
      {.source = FeatureSource::kCategory, .attribute = 0, .category = 0, .mean = 0.3F},
      {.source = FeatureSource::kCategory, .attribute = 0, .category = 2, .scale = 2.0F},
      {.source = FeatureSource::kCategory, .attribute = 0, .category = 3}};
  std::uint32_t inputs = 2 * shape.dimension + static_cast<std::uint32_t>(ranker.features.size());
  for (const std::uint32_t width : shape.hidden) {
    ranker.layers.push_back(sample_layer(inputs, width, numbers));
    inputs = width;
  }
  ranker.layers.push_back(sample_layer(inputs, 1, numbers));
  ranker.candidates = shape.candidates;
  contents.ranker = std::move(ranker);
  return contents;
}

ModelContents sample_retrievers(bool with_vectors, const SampleShape& shape) {
  ModelContents contents = sample_hybrid(shape);
  Ranker& ranker = *contents.ranker;
  for (const std::uint64_t seed : {shape.seed + 20, shape.seed + 21}) {
    SampleShape other = shape;
    other.seed = seed;
    ranker.retrievers.push_back(*sample_item_weights(other).item_weights);
  }
  const std::vector<FeatureView> of_visitor = {
      {.source = FeatureSource::kFurtherScore, .mean = 0.1F, .scale = 2.0F, .retriever = 1},
      {.source = FeatureSource::kFurtherScore, .mean = 0.5F, .retriever = 0, .gain = 8.0F},
      {.source = FeatureSource::kAffinity, .attribute = 0, .mean = 0.2F, .scale = 3.0F},
      {.source = FeatureSource::kAffinity, .attribute = 0, .decay = 0.5F},
      {.source = FeatureSource::kDistance, .attribute = 1, .mean = 12.0F, .scale = 0.1F},
      {.source = FeatureSource::kDistance, .attribute = 1, .scale = 0.2F, .decay = 0.8F},
      {.source = FeatureSource::kHistoryLength, .mean = 1.0F, .scale = 0.5F}};
  ranker.features.insert(ranker.features.end(), of_visitor.begin(), of_visitor.end());
  if (!with_vectors) {
    SampleShape other = shape;
    other.seed = shape.seed + 22;
    contents.item_weights = sample_item_weights(other).item_weights;
    contents.fold_in.reset();
    contents.item_vectors.clear();
    contents.dimension = 0;
    ranker.features.front().gain = 4.0F;
  }
  SampleNumbers numbers(shape.seed + 23);
  const std::size_t inputs = 2 * std::size_t{contents.dimension} + ranker.features.size();
  ranker.layers.front() =
      sample_layer(static_cast<std::uint32_t>(inputs), ranker.layers.front().outputs, numbers);
  return contents;
}

ModelContents sample_byte_ranker(bool with_vectors, SampleShape shape) {
  shape.hidden = {24, 17, 9};
  ModelContents contents = sample_retrievers(with_vectors, shape);
  contents.ranker->rounds_item_half = true;
  for (std::size_t l : {1, 2}) {
    DenseLayer& layer = contents.ranker->layers[l];
    layer.quantized = quantize(layer.weights, layer.inputs, Precision::kInt8);
    layer.weights.clear();
    layer.input_step = 0.03F;
  }
  return contents;
}

ModelContents sample_value_fold_in(const SampleShape& shape, bool with_ranker) {
  ModelContents contents = with_ranker ? sample_hybrid(shape) : sample_fold_in(shape);
  SampleNumbers numbers(shape.seed + 5);
  contents.fold_in.reset();
  contents.value_fold_in =
      ValueFoldIn{.implicit_vectors = numbers.many(contents.item_vectors.size(), -0.5F, 0.4F),
                  .regularization = 0.6F,
                  .exponent = 0.3F};
  for (std::size_t row = 0; row < shape.items; ++row) {
    contents.item_vectors[(row + 1) * shape.dimension - 1] = 0.5F;
  }
  return contents;
}

ModelContents sample_cosines(const SampleShape& shape) {
  ModelContents contents = sample_value_fold_in(shape);
  contents.value_fold_in->by_cosine = true;
  return contents;
}

std::vector<float> gramian_of(const ModelContents& contents) {
  const std::size_t dimension = contents.dimension;
  std::vector<float> gramian;
  for (std::size_t i = 0; i < dimension; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t at = 0; at < contents.item_vectors.size(); at += dimension) {
        sum += double{contents.item_vectors[at + i]} * contents.item_vectors[at + j];
      }
      gramian.push_back(static_cast<float>(sum));
    }
  }
  return gramian;
}

OpenedModel::OpenedModel(const ModelContents& contents) {
  const Result<std::vector<std::byte>> written = write_model(contents);
  if (!written) FAIL(written.error().message);
  Result<FileBytes> copied = FileBytes::copy_of(*written);
  if (!copied) FAIL(copied.error().message);
  bytes_ = std::move(*copied);
  Result<Model> opened = Model::open(bytes_.bytes());
  if (!opened) FAIL(opened.error().message);
  model_ = std::make_unique<Model>(std::move(*opened));
}

std::vector<ModelContents> samples_of_every_encoder(const SampleShape& shape) {
  return {sample_popularity(shape),
          sample_fold_in(shape),
          sample_hybrid(shape),
          sample_retrievers(true, shape),
          sample_retrievers(false, shape),
          sample_weighted_mean(shape),
          sample_item_weights(shape),
          sample_value_fold_in(shape),
          sample_cosines(shape),
          sample_sequence(Mixer::kAttention, shape),
          sample_sequence(Mixer::kRecurrence, shape)};
}

std::vector<Event> history_of(const std::vector<std::uint32_t>& rows) {
  std::vector<Event> history;
  for (const std::uint32_t row : rows) history.push_back({.item = ItemIndex{row}});
  return history;
}

std::vector<Event> sample_history(std::uint32_t items, std::uint32_t count, std::uint64_t seed) {
  SampleNumbers numbers(seed);
  std::vector<std::uint32_t> rows(items);
  for (std::uint32_t row = 0; row < items; ++row) rows[row] = row;
  std::vector<Event> history;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::swap(rows[i], rows[i + numbers.below(items - i)]);
    Event event{.item = ItemIndex{rows[i]}, .weight = numbers.between(0.5F, 2.0F)};
    if (i % 2 == 0) event.value = numbers.between(0.5F, 5.0F);
    history.push_back(event);
  }
  return history;
}

}  // namespace palate::testing
