// The golden files: read with the values that they were made with, written again byte by byte.
#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <filesystem>

#include "forgery.h"
#include "golden_models.h"
#include "palate/recommender.h"

namespace palate {
namespace model_golden_test {

FileBytes read_golden(std::string_view name) {
  Result<FileBytes> bytes = FileBytes::read(std::filesystem::path(PALATE_GOLDEN_FOLDER) / name);
  REQUIRE(bytes.ok());
  return std::move(*bytes);
}

std::vector<float> row_of(const TableView& table, std::size_t row) {
  std::vector<float> vector(table.columns);
  table.read(row, vector);
  return vector;
}

TEST_CASE("Writer still makes the golden files byte by byte") {
  for (const golden::Golden& golden : golden::all()) {
    INFO(golden.file);
    const FileBytes committed = read_golden(golden.file);
    const Result<std::vector<std::byte>> written = golden::write(golden.contents);
    REQUIRE(written.ok());
    CHECK(std::ranges::equal(committed.bytes(), *written));
  }
}

TEST_CASE("Reader gives the pinned values of every golden file's catalogue and facts") {
  for (const golden::Golden& golden : golden::all()) {
    INFO(golden.file);
    const FileBytes file = read_golden(golden.file);
    const Result<Model> model = Model::open(file.bytes());
    REQUIRE(model.ok());
    testing::read_everything(*model);
    if (golden.contents.catalogue.ids.empty()) continue;  // has a test of its own
    CHECK(model->id(to_item(0)) == "f0");
    CHECK(model->id(to_item(2)) == "\u00fc2");
    CHECK(model->find("\u00fc2") == to_item(2));
    CHECK_FALSE(model->find("f2"));
    CHECK(model->popularity(to_item(9)) == 100);
    CHECK(model->title(to_item(4)) == "A drama 4");
    CHECK(model->title(to_item(3)).empty());

    REQUIRE(model->attributes().size() == 2);
    const AttributeView& kind = model->attributes()[0];
    CHECK(kind.name == "kind");
    REQUIRE(kind.entries_of(to_item(5)).size() == 2);
    CHECK(kind.categories[kind.entries_of(to_item(5))[0]] == "space");
    CHECK(kind.categories[kind.entries_of(to_item(5))[1]] == "odd");
    CHECK(kind.entries_of(to_item(6)).empty());
    const AttributeView& year = model->attributes()[1];
    CHECK(year.numbers[1] == 1997);
    CHECK(std::isnan(year.numbers[4]));

    const FactsView& facts = model->facts();
    CHECK(facts.producer == "palate golden");
    CHECK(facts.interactions == 3103);
    CHECK(facts.newest_ms == 1'700'000'000'123);
    REQUIRE(facts.metrics.size() == 2);
    CHECK(facts.metrics[1].name == "recall@10");
    CHECK(facts.metrics[1].value == 0.375);
  }
}

TEST_CASE("Reader gives each golden file's own parts") {
  const FileBytes popularity_file = read_golden("popularity.palate");
  const Result<Model> popularity = Model::open(popularity_file.bytes());
  REQUIRE(popularity.ok());
  CHECK(popularity->encoder() == EncoderKind::kPopularity);
  CHECK(popularity->item_count() == 12);
  CHECK(popularity->dimension() == 0);
  CHECK(popularity->fold_in() == nullptr);
  CHECK(popularity->ranker() == nullptr);
  CHECK(popularity->value_head() == nullptr);

  const FileBytes hybrid_file = read_golden("hybrid.palate");
  const Result<Model> hybrid = Model::open(hybrid_file.bytes());
  REQUIRE(hybrid.ok());
  CHECK(hybrid->encoder() == EncoderKind::kFoldIn);
  CHECK(hybrid->dimension() == 4);
  REQUIRE(hybrid->fold_in() != nullptr);
  CHECK(hybrid->fold_in()->regularization == 0.0625F);
  REQUIRE(hybrid->ranker() != nullptr);
  CHECK(hybrid->ranker()->candidates == 8);
  REQUIRE(hybrid->ranker()->layers.size() == 2);
  CHECK(hybrid->ranker()->layers[0].inputs == 13);
  CHECK(hybrid->ranker()->layers[0].weights[8] == 4);
  REQUIRE(hybrid->ranker()->features.size() == 5);
  CHECK(hybrid->ranker()->features[4].source == FeatureSource::kCategory);
  CHECK(hybrid->ranker()->features[4].category == 3);
  REQUIRE(hybrid->value_head() != nullptr);
  CHECK(hybrid->value_head()->maximum == 5);
}

TEST_CASE("Reader gives the parts of a ranker in bytes") {
  const FileBytes file = read_golden("byte_ranker.palate");
  const Result<Model> model = Model::open(file.bytes());
  REQUIRE(model.ok());
  const RankerView& ranker = *model->ranker();
  CHECK(ranker.rounds_item_half);
  REQUIRE(ranker.layers.size() == 3);
  CHECK_FALSE(ranker.layers[0].is_quantized());
  const DenseLayerView& layer = ranker.layers[1];
  REQUIRE(layer.is_quantized());
  CHECK(layer.weights.empty());
  CHECK(layer.input_step == 0.0625F);
  CHECK(layer.bias[3] == 0.5F);
  CHECK(row_of(layer.quantized, 1) == std::vector<float>{0.0F, 0.5F, -0.125F, 0.0F});
  CHECK(row_of(layer.quantized, 2) == std::vector<float>{0.0F, -0.5F, 2.0F, 0.0F});
}

TEST_CASE("Reader gives what a ranker reads of a visit") {
  const FileBytes file = read_golden("context.palate");
  const Result<Model> model = Model::open(file.bytes());
  REQUIRE(model.ok());
  const RankerView& ranker = *model->ranker();
  REQUIRE(ranker.context.size() == 2);
  const TabularColumnView& hour = ranker.context[0];
  CHECK((hour.name == "hour" && hour.kind == AttributeKind::kNumber));
  CHECK((hour.scale.maximum == 23 && hour.scale.mean == 12 && hour.scale.scale == 0.25F));
  const TabularColumnView& device = ranker.context[1];
  CHECK((device.name == "device" && device.kind == AttributeKind::kCategory));
  CHECK(device.row_of("\u00fcber") == 1);
  CHECK(device.row_of("tv") == device.other_row());
  CHECK((device.vectors.rows == 0 && device.weights.empty()));
  REQUIRE(ranker.features.size() == 9);
  CHECK(ranker.features[5].source == FeatureSource::kContextNumber);
  CHECK(ranker.features[6].source == FeatureSource::kContextKnown);
  CHECK(ranker.features[8].source == FeatureSource::kContextCategory);
  CHECK((ranker.features[8].attribute == 1 && ranker.features[8].category == 1));
  CHECK(ranker.reads_vectors());
}

TEST_CASE("Reader gives how recent the items are to a ranker that reads it") {
  const FileBytes file = read_golden("recency.palate");
  const Result<Model> model = Model::open(file.bytes());
  REQUIRE(model.ok());
  const RankerView& ranker = *model->ranker();
  CHECK(ranker.features.back().source == FeatureSource::kRecency);
  REQUIRE(ranker.recency.size() == model->item_count());
  CHECK((ranker.recency[1] == 51 && ranker.recency[5] == 255));
}

TEST_CASE("Reader gives the parts of the encoders that weigh a history") {
  const FileBytes mean_file = read_golden("weighted_mean.palate");
  const Result<Model> mean = Model::open(mean_file.bytes());
  REQUIRE(mean.ok());
  CHECK(mean->encoder() == EncoderKind::kWeightedMean);
  CHECK(mean->item_weights() == nullptr);
  REQUIRE(mean->weighted_mean() != nullptr);
  CHECK(mean->weighted_mean()->weights.popularity_exponent == 0.5F);
  REQUIRE(mean->weighted_mean()->weights.recency.size() == 3);
  CHECK(mean->weighted_mean()->weights.recency[1] == 0.75F);
  const TableView& history = mean->weighted_mean()->history_vectors;
  CHECK(row_of(history, 2) == row_of(mean->item_vectors(), 2));
  CHECK(row_of(history, 3)[0] == row_of(mean->item_vectors(), 3)[3]);

  const FileBytes weights_file = read_golden("item_weights.palate");
  const Result<Model> weights = Model::open(weights_file.bytes());
  REQUIRE(weights.ok());
  CHECK(weights->encoder() == EncoderKind::kItemWeights);
  CHECK(weights->dimension() == 0);
  CHECK(weights->weighted_mean() == nullptr);
  REQUIRE(weights->item_weights() != nullptr);
  CHECK(weights->item_weights()->weights.length_exponent == 1.0F);
  const SparseRowView row = weights->item_weights()->row(4);
  REQUIRE(row.size() == 4);
  CHECK(
      (row.columns[0] == 1 && row.columns[1] == 5 && row.columns[2] == 7 && row.columns[3] == 10));
  CHECK(std::ranges::equal(row.values, std::vector<float>{0.96875F, -0.25F, 0.78125F, 0.6875F}));
}

TEST_CASE("Reader gives the parts of the encoder of values") {
  const FileBytes file = read_golden("value_fold_in.palate");
  const Result<Model> model = Model::open(file.bytes());
  REQUIRE(model.ok());
  CHECK(model->encoder() == EncoderKind::kValueFoldIn);
  CHECK(model->fold_in() == nullptr);
  REQUIRE(model->value_fold_in() != nullptr);
  CHECK(model->value_fold_in()->regularization == 0.75F);
  CHECK(model->value_fold_in()->exponent == 0.25F);
  CHECK_FALSE(model->value_fold_in()->by_cosine);
  const TableView& implicit = model->value_fold_in()->implicit_vectors;
  REQUIRE((implicit.rows == 12 && implicit.columns == 4));
  CHECK(row_of(implicit, 2)[1] == row_of(model->item_vectors(), 2)[1] / 4);
  CHECK(row_of(model->item_vectors(), 7)[3] == 0.5F);
  REQUIRE(model->value_head() != nullptr);
  CHECK(model->value_head()->mean == 3.5F);
}

TEST_CASE("Reader tells which scores are cosines") {
  const FileBytes file = read_golden("cosines.palate");
  const Result<Model> model = Model::open(file.bytes());
  REQUIRE(model.ok());
  REQUIRE(model->value_fold_in() != nullptr);
  CHECK(model->value_fold_in()->by_cosine);
  CHECK(model->ranker() == nullptr);
}

TEST_CASE("Reader gives the golden ranker's further retrievers") {
  const FileBytes file = read_golden("retrievers.palate");
  const Result<Model> model = Model::open(file.bytes());
  REQUIRE(model.ok());
  CHECK(model->item_weights() == nullptr);
  REQUIRE(model->ranker() != nullptr);
  CHECK_FALSE(model->ranker()->reads_vectors());
  REQUIRE(model->ranker()->retrievers.size() == 2);
  CHECK(model->ranker()->retrievers[0].weights.recency.size() == 3);
  CHECK(model->ranker()->retrievers[1].weights.length_exponent == 0.5F);
  CHECK(model->ranker()->retrievers[1].row(4).values[0] == 0.96875F);
  const std::span<const FeatureView> features = model->ranker()->features;
  REQUIRE(features.size() == 6);
  CHECK(features[1].retriever == 1);
  CHECK(features[2].gain == 4);
  CHECK(features[3].source == FeatureSource::kAffinity);
  CHECK(features[3].decay == 0.75F);
  CHECK(features[4].source == FeatureSource::kDistance);
  CHECK(features[5].source == FeatureSource::kHistoryLength);
}

TEST_CASE("Reader gives the golden recurrence's types of events") {
  const FileBytes file = read_golden("recurrence.palate");
  const Result<Model> model = Model::open(file.bytes());
  REQUIRE(model.ok());
  REQUIRE(model->sequence() != nullptr);
  CHECK(model->sequence()->mixer == Mixer::kRecurrence);
  CHECK(model->sequence()->repeats);
  CHECK(model->sequence()->gap_vectors.rows == 0);
  CHECK(model->sequence()->type_vectors.rows == 3);
  REQUIRE(model->event_types().size() == 2);
  CHECK(model->event_types()[1] == "buy");
  CHECK(model->event_type("view") == 1);
  CHECK(model->event_type("buy") == 2);
  CHECK(model->event_type("wave") == 0);
}

TEST_CASE("Reader gives the quantised tables as they were rounded") {
  const FileBytes int8_file = read_golden("int8.palate");
  const FileBytes float_file = read_golden("hybrid.palate");
  const Result<Model> int8 = Model::open(int8_file.bytes());
  const Result<Model> floats = Model::open(float_file.bytes());
  REQUIRE((int8.ok() && floats.ok()));
  const TableView& table = int8->item_vectors();
  CHECK(table.precision == Precision::kInt8);
  CHECK((table.rows == 12 && table.columns == 4 && table.row_bytes() == 16));
  // Row 0 is led by its first number, 1 + 1 / 64 at most.
  const std::vector<float> row = row_of(floats->item_vectors(), 0);
  CHECK(table.scales[0] == row[0] / 127);
  CHECK(static_cast<std::int8_t>(table.codes[0]) == 127);
  CHECK(static_cast<std::int8_t>(table.codes[2]) == std::lround(row[2] / row[0] * 127));
  CHECK(table.codes[4] == 0);

  const FileBytes int4_file = read_golden("int4.palate");
  const Result<Model> int4 = Model::open(int4_file.bytes());
  REQUIRE(int4.ok());
  CHECK(int4->item_vectors().precision == Precision::kInt4);
  const TableView& history = int4->weighted_mean()->history_vectors;
  CHECK(history.precision == Precision::kInt4);
  CHECK(history.codes.size() == 12 * 16);
  CHECK(row_of(history, 3)[0] == row_of(int4->item_vectors(), 3)[3]);
}

TEST_CASE("Reader gives the parts of a content map") {
  const FileBytes file = read_golden("content_map.palate");
  const Result<Model> model = Model::open(file.bytes());
  REQUIRE(model.ok());
  const auto map = content_map_of(*model);
  REQUIRE((map.ok() && map->has_value()));
  const ContentMapView& view = **map;
  CHECK(std::ranges::equal(view.columns, std::array{3U, 1U}));
  CHECK((view.means[1] == 2004 && view.scales[1] == 0.125F));
  CHECK(view.base.size() == 5);
  CHECK(view.coefficients.size() == 4 * 5);
  CHECK(view.coefficients[7] == golden::content_map_model().content_map->coefficients[7]);
  const FileBytes without = read_golden("hybrid.palate");
  const Result<Model> hybrid = Model::open(without.bytes());
  REQUIRE(hybrid.ok());
  CHECK_FALSE(content_map_of(*hybrid).value().has_value());
}

TEST_CASE("Reader gives the golden index") {
  const FileBytes file = read_golden("indexed.palate");
  const Result<Model> model = Model::open(file.bytes());
  REQUIRE(model.ok());
  REQUIRE(model->has_list_index());
  const Result<ListIndexView> index = model->list_index();
  REQUIRE(index.ok());
  CHECK((index->centroids.rows == 3 && index->centroids.columns == 4));
  CHECK(std::ranges::equal(index->centroids.row(1), std::vector<float>{0, 1, 0, 0}));
  REQUIRE(index->lists.size() == 12);
  CHECK((index->lists[4] == 1 && index->lists[11] == 2));
  CHECK((index->probes == 1 && index->length == 4 && index->recall == 0.875F));
  const FileBytes plain_file = read_golden("weighted_mean.palate");
  const Result<Model> plain = Model::open(plain_file.bytes());
  REQUIRE(plain.ok());
  CHECK_FALSE(plain->has_list_index());
  CHECK(plain->list_index().error().code == ErrorCode::kModelMeaning);
}

TEST_CASE("Reader gives the parts of a tabular model, which needs no items") {
  const FileBytes file = read_golden("tabular.palate");
  const Result<Model> model = Model::open(file.bytes());
  REQUIRE(model.ok());
  CHECK(model->item_count() == 0);
  CHECK(model->attributes().empty());
  CHECK_FALSE(model->find("f0"));
  REQUIRE(model->tabular() != nullptr);
  const TabularView& tabular = *model->tabular();
  CHECK(tabular.label == "bought");
  CHECK(tabular.target == TabularTarget::kProbability);
  CHECK(tabular.bias == -0.25F);
  REQUIRE(tabular.columns.size() == 3);
  const TabularColumnView& price = tabular.columns[0];
  CHECK(price.name == "price");
  CHECK((price.scale.logarithmic && price.has_missing));
  CHECK(price.scale.maximum == 1000);
  CHECK(price.weights[1] == 0.125F);
  CHECK(tabular.columns[1].first_input == 2);
  const TabularColumnView& kind = tabular.columns[2];
  CHECK((kind.first_input == 3 && kind.width == 2 && kind.vectors.rows == 5));
  CHECK(kind.row_of("space") == 1);
  CHECK(kind.row_of("\u00fcber") == 2);
  CHECK(kind.row_of("comedy") == kind.other_row());
  CHECK(kind.weights[kind.missing_row()] == -0.5F);
  REQUIRE(tabular.layers.size() == 2);
  CHECK(tabular.layers[1].bias[0] == -0.5F);
  CHECK(Recommender::create(*model).error().code == ErrorCode::kModelUnsupported);
}

TEST_CASE("Golden models recommend more of the kind that a history is of") {
  const auto* const file =
      GENERATE("fold_in.palate", "hybrid.palate", "weighted_mean.palate", "item_weights.palate",
               "retrievers.palate", "sequence.palate", "int8.palate", "int4.palate",
               "context.palate", "indexed.palate", "indexed_fold_in.palate");
  const std::uint32_t liked = GENERATE(0U, 1U, 2U);
  const FileBytes bytes = read_golden(file);
  const Result<Model> model = Model::open(bytes.bytes());
  REQUIRE(model.ok());
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  REQUIRE(recommender->use_index().ok());
  const Event history[] = {{to_item(liked)}, {to_item(liked + 3)}};
  std::vector<Pick> picks(2);
  const Result<std::size_t> count = recommender->recommend(history, {}, picks);
  REQUIRE(count.ok());
  REQUIRE(*count == picks.size());
  for (const Pick& pick : picks) CHECK(to_row(pick.item) % 3 == liked);
}

}  // namespace model_golden_test
}  // namespace palate
