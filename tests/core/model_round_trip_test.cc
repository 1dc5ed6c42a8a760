// What is written is what is read.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>

#include "sample_models.h"

namespace palate {
namespace model_round_trip_test {

using testing::OpenedModel;

void check_texts(const TextsView& texts, const std::vector<std::string>& expected) {
  REQUIRE(texts.size() == expected.size());
  for (std::size_t row = 0; row < expected.size(); ++row) CHECK(texts[row] == expected[row]);
}

// Missing numbers are equal to missing numbers.
bool same_numbers(std::span<const float> left, std::span<const float> right) {
  return std::ranges::equal(
      left, right, [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); });
}

void check_catalogue(const Model& model, const Catalogue& catalogue) {
  REQUIRE(model.item_count() == catalogue.ids.size());
  for (std::size_t row = 0; row < catalogue.ids.size(); ++row) {
    const ItemIndex item = to_item(row);
    CHECK(model.id(item) == catalogue.ids[row]);
    CHECK(model.find(catalogue.ids[row]) == item);
    CHECK(model.title(item) == catalogue.titles[row]);
    CHECK(model.popularity(item) == catalogue.popularity[row]);
  }
  REQUIRE(model.attributes().size() == catalogue.attributes.size());
  for (std::size_t i = 0; i < catalogue.attributes.size(); ++i) {
    const AttributeView& view = model.attributes()[i];
    const Attribute& attribute = catalogue.attributes[i];
    CHECK(view.name == attribute.name);
    CHECK(view.kind == attribute.kind);
    CHECK(same_numbers(view.numbers, attribute.numbers));
    check_texts(view.categories, attribute.categories);
    CHECK(std::ranges::equal(view.offsets, attribute.offsets));
    CHECK(std::ranges::equal(view.entries, attribute.entries));
  }
}

void check_ranker(const RankerView& view, const Ranker& ranker) {
  CHECK(view.candidates == ranker.candidates);
  CHECK(view.rounds_item_half == ranker.rounds_item_half);
  REQUIRE(view.layers.size() == ranker.layers.size());
  for (std::size_t i = 0; i < ranker.layers.size(); ++i) {
    CHECK(view.layers[i].inputs == ranker.layers[i].inputs);
    CHECK(view.layers[i].outputs == ranker.layers[i].outputs);
    CHECK(std::ranges::equal(view.layers[i].weights, ranker.layers[i].weights));
    CHECK(std::ranges::equal(view.layers[i].bias, ranker.layers[i].bias));
    CHECK(std::ranges::equal(view.layers[i].quantized.codes, ranker.layers[i].quantized.codes));
    CHECK(std::ranges::equal(view.layers[i].quantized.scales, ranker.layers[i].quantized.scales));
    CHECK(view.layers[i].input_step == ranker.layers[i].input_step);
  }
  REQUIRE(view.features.size() == ranker.features.size());
  for (std::size_t i = 0; i < ranker.features.size(); ++i) {
    CHECK(view.features[i].source == ranker.features[i].source);
    CHECK(view.features[i].attribute == ranker.features[i].attribute);
    CHECK(view.features[i].category == ranker.features[i].category);
    CHECK(view.features[i].mean == ranker.features[i].mean);
    CHECK(view.features[i].scale == ranker.features[i].scale);
    CHECK(view.features[i].retriever == ranker.features[i].retriever);
    CHECK(view.features[i].gain == ranker.features[i].gain);
    CHECK(view.features[i].decay == ranker.features[i].decay);
  }
  REQUIRE(view.retrievers.size() == ranker.retrievers.size());
  for (std::size_t i = 0; i < ranker.retrievers.size(); ++i) {
    CHECK(std::ranges::equal(view.retrievers[i].offsets, ranker.retrievers[i].offsets));
    CHECK(std::ranges::equal(view.retrievers[i].values, ranker.retrievers[i].values));
  }
}

TEST_CASE("Everything that is written into a model file is read from it") {
  ModelContents contents =
      GENERATE(false, true) ? testing::sample_byte_ranker(true) : testing::sample_retrievers(true);
  contents.facts.recipe_toml = "# \u20ac";
  contents.facts.newest_ms = -1;
  contents.facts.seed = 0xFFFFFFFFFFFFFFFF;
  contents.facts.metrics = {{"rmse", 0.1}};
  const OpenedModel model(contents);

  check_catalogue(*model, contents.catalogue);
  CHECK(model->dimension() == contents.dimension);
  CHECK(std::ranges::equal(model->item_vectors().values, contents.item_vectors));
  REQUIRE(model->fold_in() != nullptr);
  CHECK(std::ranges::equal(model->fold_in()->gramian, contents.fold_in->gramian));
  CHECK(model->fold_in()->unobserved_weight == contents.fold_in->unobserved_weight);
  CHECK(model->fold_in()->regularization == contents.fold_in->regularization);
  CHECK(model->fold_in()->exponent == contents.fold_in->exponent);
  REQUIRE(model->ranker() != nullptr);
  check_ranker(*model->ranker(), *contents.ranker);
  REQUIRE(model->value_head() != nullptr);
  CHECK(std::ranges::equal(model->value_head()->item_bias, contents.value_head->item_bias));
  CHECK(model->value_head()->visitor_damping == contents.value_head->visitor_damping);
  CHECK(model->facts().recipe_toml == contents.facts.recipe_toml);
  CHECK(model->facts().newest_ms == contents.facts.newest_ms);
  CHECK(model->facts().seed == contents.facts.seed);
  CHECK(model->facts().metrics[0].value == 0.1);
  CHECK(model->facts().producer.starts_with("palate "));
}

void check_history_weights(const HistoryWeightsView& view, const HistoryWeights& weights) {
  CHECK(std::ranges::equal(view.recency, weights.recency));
  CHECK(view.popularity_exponent == weights.popularity_exponent);
  CHECK(view.length_exponent == weights.length_exponent);
}

TEST_CASE("A weighted mean is read as it was written, with and without a table of its own") {
  ModelContents contents = testing::sample_weighted_mean();
  WeightedMean& mean = *contents.weighted_mean;
  const bool own_table = GENERATE(true, false);
  if (!own_table) mean = {};
  const OpenedModel model(contents);
  REQUIRE(model->weighted_mean() != nullptr);
  CHECK(model->encoder() == EncoderKind::kWeightedMean);
  check_history_weights(model->weighted_mean()->weights, mean.weights);
  const TableView& vectors = model->weighted_mean()->history_vectors;
  CHECK(vectors.rows == contents.catalogue.ids.size());
  CHECK(vectors.columns == contents.dimension);
  CHECK(
      std::ranges::equal(vectors.values, own_table ? mean.history_vectors : contents.item_vectors));
  CHECK(reinterpret_cast<std::uintptr_t>(vectors.values.data()) % 16 == 0);
}

TEST_CASE("A value fold-in is read as it was written, with and without an implicit table") {
  ModelContents contents = testing::sample_value_fold_in();
  ValueFoldIn& fold_in = *contents.value_fold_in;
  if (GENERATE(false, true)) fold_in.implicit_vectors.clear();
  const OpenedModel model(contents);
  REQUIRE(model->value_fold_in() != nullptr);
  CHECK(model->encoder() == EncoderKind::kValueFoldIn);
  CHECK(model->value_fold_in()->regularization == fold_in.regularization);
  CHECK(model->value_fold_in()->exponent == fold_in.exponent);
  const TableView& implicit = model->value_fold_in()->implicit_vectors;
  CHECK(std::ranges::equal(implicit.values, fold_in.implicit_vectors));
  CHECK(implicit.rows == (fold_in.implicit_vectors.empty() ? 0 : contents.catalogue.ids.size()));
}

void check_columns(const ColumnsView& columns, const std::vector<std::uint32_t>& expected) {
  REQUIRE(columns.size() == expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) CHECK(columns[k] == expected[k]);
}

TEST_CASE("Item weights are read as they were written, also when there are none") {
  ModelContents contents = testing::sample_item_weights();
  ItemWeights& weights = *contents.item_weights;
  if (GENERATE(false, true)) {
    weights.offsets.assign(contents.catalogue.ids.size() + 1, 0);
    weights.columns.clear();
    weights.values.clear();
  }
  const OpenedModel model(contents);
  REQUIRE(model->item_weights() != nullptr);
  CHECK(model->encoder() == EncoderKind::kItemWeights);
  check_history_weights(model->item_weights()->weights, weights.weights);
  CHECK(std::ranges::equal(model->item_weights()->offsets, weights.offsets));
  check_columns(model->item_weights()->columns, weights.columns);
  CHECK(std::ranges::equal(model->item_weights()->values, weights.values));
}

TEST_CASE("Columns take 16 bits each until an item lies beyond them") {
  const std::uint32_t items = GENERATE(0x10000U, 0x10001U);
  ModelContents contents = testing::sample_popularity({.items = items});
  ItemWeights& weights = contents.item_weights.emplace();
  weights.offsets.assign(items + 1, 3);
  weights.offsets[0] = 0;
  weights.columns = {0, 7, items - 1};
  weights.values = {1.0F, -2.0F, 3.0F};
  const OpenedModel model(contents);
  check_columns(model->item_weights()->row(0).columns, weights.columns);
  CHECK(model->item_weights()->columns.size_bytes() == (items == 0x10000U ? 6 : 12));
}

TEST_CASE("Tables are written in the precision that is asked for, all that are of one shape") {
  const Precision precision = GENERATE(Precision::kInt8, Precision::kInt4);
  const std::size_t row_bytes = precision == Precision::kInt8 ? 48 : 32;
  ModelContents mean = testing::sample_weighted_mean({.items = 9, .dimension = 33});
  ModelContents values = testing::sample_value_fold_in({.items = 9, .dimension = 33});
  mean.precision = values.precision = precision;
  const OpenedModel mean_model(mean);
  const OpenedModel value_model(values);
  for (const TableView* table :
       {&mean_model->item_vectors(), &mean_model->weighted_mean()->history_vectors,
        &value_model->value_fold_in()->implicit_vectors}) {
    CHECK(table->precision == precision);
    CHECK(table->values.empty());
    CHECK(table->row_bytes() == row_bytes);
    CHECK(table->codes.size() == 9 * row_bytes);
    CHECK(table->scales.size() == 9);
    CHECK(reinterpret_cast<std::uintptr_t>(table->codes.data()) % 16 == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(table->scales.data()) % 16 == 0);
  }
  WeightedMean& shared = *mean.weighted_mean;
  shared.history_vectors.clear();
  const OpenedModel one_table(mean);
  CHECK(one_table->weighted_mean()->history_vectors.codes.data() ==
        one_table->item_vectors().codes.data());
}

TEST_CASE("Sections that vector code reads lie at multiples of 16") {
  // Every length of the texts before them, so that luck does not align them.
  for (std::size_t length = 1; length <= 17; ++length) {
    ModelContents contents = testing::sample_hybrid();
    contents.catalogue.ids[0] = std::string(length, 'x');
    const OpenedModel model(contents);
    for (const std::span<const float> section :
         {model->item_vectors().values, model->ranker()->layers[0].weights,
          model->ranker()->layers[1].bias}) {
      CHECK(reinterpret_cast<std::uintptr_t>(section.data()) % 16 == 0);
    }
  }
}

TEST_CASE("The same contents give the same bytes, whatever NaN a missing number is") {
  ModelContents contents = testing::sample_hybrid();
  const auto is_missing = [](float number) { return std::isnan(number); };
  std::vector<float>& years = contents.catalogue.attributes[1].numbers;
  const auto missing = std::find_if(years.begin(), years.end(), is_missing);
  REQUIRE(missing != years.end());
  const Result<std::vector<std::byte>> first = write_model(contents);
  *missing = std::copysign(kNoValue, -1.0F);
  const Result<std::vector<std::byte>> second = write_model(contents);
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  CHECK(*first == *second);
}

TEST_CASE("Ids that nobody has are not found among a hundred thousand") {
  ModelContents contents;
  for (int item = 0; item < 100'000; ++item) {
    contents.catalogue.ids.push_back(std::to_string(item));
    contents.catalogue.popularity.push_back(1);
  }
  const OpenedModel model(contents);
  CHECK(model->find("99999") == to_item(99'999));
  for (const char* id : {"", "-1", "100000", "007", "0 ", "item"}) CHECK_FALSE(model->find(id));
}

}  // namespace model_round_trip_test
}  // namespace palate
