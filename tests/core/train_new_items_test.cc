// New items stand where a ridge regression on their attributes puts them, in every table.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "forgery.h"
#include "golden_models.h"
#include "palate/new_items.h"
#include "palate/recommender.h"
#include "palate/train.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace train_new_items_test {

// Ids before, between and behind those of the samples; a category that these lack; nothing known.
Catalogue new_catalogue() {
  Catalogue items;
  items.ids = {"z", "item-0003", "a", "nothing"};
  items.popularity = {0, 0, 0, 0};
  items.titles = {"Zed", "Known", "Ay", ""};
  items.attributes = {
      {"genre",
       AttributeKind::kCategory,
       {},
       {"Western", "Opera", "Action"},
       {0, 2, 3, 5, 5},
       {0, 1, 2, 0, 2}},
      {"year", AttributeKind::kNumber, {1999, 1950, kNoValue, kNoValue}, {}, {}, {}}};
  return items;
}

// Rows of 0s and 1s for the four genres, then the year in deviations, 0 where it is missing.
Matrix features_of(const Catalogue& catalogue, std::size_t items, double mean, double deviation) {
  const std::vector<std::string> names = {"Action", "Comedy", "Drama", "Western"};
  Matrix rows(items, Vector(5));
  const Attribute& genres = catalogue.attributes[0];
  for (std::size_t row = 0; row < items; ++row) {
    for (std::uint32_t i = genres.offsets[row]; i < genres.offsets[row + 1]; ++i) {
      const auto found = std::ranges::find(names, genres.categories[genres.entries[i]]);
      if (found != names.end()) rows[row][found - names.begin()] += 1;
    }
    const float year = catalogue.attributes[1].numbers[row];
    if (!std::isnan(year)) rows[row][4] = (year - mean) / deviation;
  }
  return rows;
}

// The regression by its normal equations; the rows that it gives `wanted`.
Matrix reference_rows(const Matrix& known, const Matrix& targets,
                      const std::vector<std::uint32_t>& popularity, const Matrix& wanted) {
  Vector x_mean(5);
  Vector t_mean(targets[0].size());
  double sum = 0;
  for (std::size_t i = 0; i < known.size(); ++i) sum += popularity[i];
  for (std::size_t i = 0; i < known.size(); ++i) {
    const double share = popularity[i] / sum;
    for (std::size_t c = 0; c < 5; ++c) x_mean[c] += share * known[i][c];
    for (std::size_t k = 0; k < t_mean.size(); ++k) t_mean[k] += share * targets[i][k];
  }
  Matrix system(5, Vector(5));
  for (std::size_t c = 0; c < 5; ++c) system[c][c] = 3 * sum / static_cast<double>(known.size());
  Matrix sides(t_mean.size(), Vector(5));
  for (std::size_t i = 0; i < known.size(); ++i) {
    const double weight = popularity[i];
    for (std::size_t c = 0; c < 5; ++c) {
      const double x = known[i][c] - x_mean[c];
      for (std::size_t o = 0; o < 5; ++o) system[c][o] += weight * x * (known[i][o] - x_mean[o]);
      for (std::size_t k = 0; k < t_mean.size(); ++k) {
        sides[k][c] += weight * x * (targets[i][k] - t_mean[k]);
      }
    }
  }
  Matrix result(wanted.size(), Vector(t_mean.size()));
  for (std::size_t k = 0; k < t_mean.size(); ++k) {
    const Vector slopes = reference_solve(system, sides[k]);
    for (std::size_t row = 0; row < wanted.size(); ++row) {
      result[row][k] = t_mean[k];
      for (std::size_t c = 0; c < 5; ++c) {
        result[row][k] += slopes[c] * (wanted[row][c] - x_mean[c]);
      }
    }
  }
  return result;
}

Matrix rows_of(const std::vector<float>& numbers, std::size_t width) {
  Matrix rows(numbers.size() / width, Vector(width));
  for (std::size_t i = 0; i < numbers.size(); ++i) rows[i / width][i % width] = numbers[i];
  return rows;
}

std::vector<float> numbers_of(const TableView& table) {
  std::vector<float> numbers(std::size_t{table.rows} * table.columns);
  for (std::size_t row = 0; row < table.rows; ++row) {
    table.read(row, std::span(numbers).subspan(row * table.columns, table.columns));
  }
  return numbers;
}

void check_table(const std::vector<float>& before, std::span<const float> after, std::size_t width,
                 const ModelContents& old) {
  REQUIRE(after.size() == before.size() + 2 * width);
  CHECK(std::equal(before.begin(), before.end(), after.begin()));
  const std::vector<float>& years = old.catalogue.attributes[1].numbers;
  double count = 0;
  double mean = 0;
  for (const float year : years) {
    if (std::isnan(year)) continue;
    ++count;
    mean += year;
  }
  mean /= count;
  double variance = 0;
  for (const float year : years) {
    if (!std::isnan(year)) variance += (year - mean) * (year - mean) / count;
  }
  const std::size_t items = old.catalogue.ids.size();
  const Matrix known = features_of(old.catalogue, items, mean, std::sqrt(variance));
  const Matrix all = features_of(new_catalogue(), 4, mean, std::sqrt(variance));
  const Matrix expected = reference_rows(known, rows_of(before, width), old.catalogue.popularity,
                                         {all[2], all[0]});  // "a", then "z"
  for (std::size_t row = 0; row < 2; ++row) {
    for (std::size_t k = 0; k < width; ++k) {
      CAPTURE(row, k);
      CHECK(after[before.size() + row * width + k] ==
            Catch::Approx(expected[row][k]).epsilon(1e-4).margin(1e-5));
    }
  }
}

ModelContents contents_of(int kind) {
  const SampleShape shape{.items = 60};
  switch (kind) {
    case 0:
      return sample_fold_in(shape);
    case 1:
      return sample_weighted_mean(shape);
    case 2:
      return sample_value_fold_in(shape);
    case 3:
      return sample_sequence(Mixer::kAttention, shape);
    default:
      return sample_retrievers(true, shape);
  }
}

ModelContents with_map(ModelContents contents) {
  Result<ContentMap> map = fit_content_map(contents);
  REQUIRE(map.ok());
  contents.content_map = std::move(*map);
  return contents;
}

// A file that was grown, and the model in it.
class GrownModel {
 public:
  GrownModel(const Model& model, const NewItems& items,
             ContentMapStays map = ContentMapStays::kYes) {
    Result<PlacedItems> found = place_new_items(model, items, map);
    REQUIRE(found.ok());
    placements = found->placements;
    Result<FileBytes> copy = FileBytes::copy_of(found->model);
    REQUIRE(copy.ok());
    bytes_.emplace(std::move(*copy));
    Result<Model> opened = Model::open(bytes_->bytes());
    INFO((opened ? "" : opened.error().message));
    REQUIRE(opened.ok());
    model_.emplace(std::move(*opened));
  }

  const Model& operator*() const { return *model_; }
  const Model* operator->() const { return &*model_; }

  std::vector<Placement> placements;

 private:
  std::optional<FileBytes> bytes_;
  std::optional<Model> model_;
};

TEST_CASE("New items get the rows that the regression gives them, in every table") {
  const int kind = GENERATE(0, 1, 2, 3, 4);
  CAPTURE(kind);
  const ModelContents before = with_map(contents_of(kind));
  const OpenedModel old(before);
  const GrownModel after(*old, {.catalogue = new_catalogue()});
  CHECK(after.placements == std::vector{Placement::kPlaced, Placement::kKnown, Placement::kPlaced,
                                        Placement::kNothingKnown});
  REQUIRE(after->item_count() == 62);
  CHECK(after->id(ItemIndex{60}) == "a");
  CHECK(after->id(ItemIndex{61}) == "z");
  CHECK(after->title(ItemIndex{61}) == "Zed");
  CHECK(after->popularity(ItemIndex{61}) == 0);
  const AttributeView& genres = after->attributes()[0];
  CHECK(genres.categories[genres.categories.size() - 1] == "Opera");
  CHECK(genres.categories[genres.entries_of(ItemIndex{61})[1]] == "Opera");
  CHECK(after->attributes()[1].numbers[61] == 1999);
  check_table(before.item_vectors, numbers_of(after->item_vectors()), before.dimension, before);
  if (before.weighted_mean) {
    check_table(before.weighted_mean->history_vectors,
                numbers_of(after->weighted_mean()->history_vectors), before.dimension, before);
  }
  if (before.value_fold_in) {
    check_table(before.value_fold_in->implicit_vectors,
                numbers_of(after->value_fold_in()->implicit_vectors), before.dimension, before);
  }
  if (before.value_head) {
    check_table(before.value_head->item_bias, after->value_head()->item_bias, 1, before);
  }
  if (before.fold_in) {
    ModelContents all = before;
    all.item_vectors = numbers_of(after->item_vectors());
    const std::vector<float> expected = gramian_of(all);
    REQUIRE(after->fold_in()->gramian.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CHECK(after->fold_in()->gramian[i] == Catch::Approx(expected[i]).epsilon(1e-5).margin(1e-5));
    }
  }
}

TEST_CASE("All that a model is asked works on items that nobody has touched") {
  const int kind = GENERATE(0, 1, 2, 3, 4);
  const Precision precision = GENERATE(Precision::kFloat32, Precision::kInt8, Precision::kInt4);
  CAPTURE(kind, precision);
  ModelContents contents = with_map(contents_of(kind));
  contents.precision = precision;
  const OpenedModel old(contents);
  const GrownModel model(*old, {.catalogue = new_catalogue()});
  read_everything(*model);
  const ItemIndex item = *model->find("z");
  CHECK(to_row(item) == 61);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = history_of({7, 12, 61});
  std::vector<Pick> picks(62);
  REQUIRE(recommender->similar(item, picks).ok());
  const Result<std::size_t> count =
      recommender->recommend(history_of({7, 12}), {.candidates = 62}, picks);
  REQUIRE(count.ok());
  CHECK(std::any_of(picks.begin(), picks.begin() + static_cast<std::ptrdiff_t>(*count),
                    [&](const Pick& pick) { return pick.item == item; }));
  const Result<Explanation> explanation = recommender->explain(history, ItemIndex{3});
  REQUIRE(explanation.ok());
  CHECK(std::any_of(explanation->contributions.begin(), explanation->contributions.end(),
                    [&](const Contribution& one) { return one.item == item && one.amount != 0; }));
  float score = 0;
  REQUIRE(recommender->score(history, {&item, 1}, {&score, 1}).ok());
  CHECK(std::isfinite(score));
}

TEST_CASE("A table in few bits grows by rows that are rounded as all others are") {
  const Precision precision = GENERATE(Precision::kInt8, Precision::kInt4);
  ModelContents contents = with_map(sample_weighted_mean({.items = 60}));
  const OpenedModel floats(contents);
  const GrownModel exact(*floats, {.catalogue = new_catalogue()});
  contents.precision = precision;
  const OpenedModel rounded(contents);
  const GrownModel grown(*rounded, {.catalogue = new_catalogue()});
  const std::vector<float> numbers = numbers_of(exact->item_vectors());
  const QuantizedTable expected = quantize(numbers, contents.dimension, precision);
  CHECK(std::ranges::equal(grown->item_vectors().scales, expected.scales));
  CHECK(std::ranges::equal(grown->item_vectors().codes, expected.codes));
}

TEST_CASE("A vector that comes with an item is its vector") {
  const int kind = GENERATE(0, 1, 2, 3, 4);
  CAPTURE(kind);
  const bool has_map = GENERATE(false, true);
  const ModelContents contents = has_map ? with_map(contents_of(kind)) : contents_of(kind);
  const OpenedModel old(contents);
  NewItems items{new_catalogue(), contents.dimension, {}};
  SampleNumbers random(3);
  items.vectors = random.many(4 * std::size_t{contents.dimension}, -1, 1);
  // "a" is placed by its attributes, as far as there is a map.
  std::fill_n(items.vectors.begin() + 2 * contents.dimension, contents.dimension, kNoValue);
  const Result<PlacedItems> found = place_new_items(*old, items);
  REQUIRE(found.ok());
  // Where an item stands in a history, its vector does not say.
  const bool needs_map = contents.weighted_mean.has_value();
  CHECK(found->placements[0] ==
        (needs_map && !has_map ? Placement::kNoHistoryVector : Placement::kPlaced));
  CHECK(found->placements[2] == (has_map ? Placement::kPlaced : Placement::kNoMap));
  CHECK(found->placements[3] == (needs_map ? Placement::kNoHistoryVector : Placement::kPlaced));
  if (found->placements[0] != Placement::kPlaced) return;
  const GrownModel model(*old, items);
  std::vector<float> vector(contents.dimension);
  model->item_vectors().read(to_row(*model->find("z")), vector);
  CHECK(std::equal(vector.begin(), vector.end(), items.vectors.begin()));
  if (contents.value_head && !needs_map) {
    CHECK(model->value_head()->item_bias[to_row(*model->find("nothing"))] == 0);
  }
}

TEST_CASE("New items that have no place are left out, each for its reason") {
  NewItems items{new_catalogue(), 8, {}};
  const OpenedModel without_vectors(sample_item_weights({.items = 60}));
  Result<PlacedItems> found = place_new_items(*without_vectors, items);
  REQUIRE(found.ok());
  CHECK(found->placements[0] == Placement::kNoVectors);
  CHECK(found->placements[1] == Placement::kKnown);
  CHECK(found->model.empty());

  const OpenedModel with_vectors(sample_fold_in({.items = 60}));
  found = place_new_items(*with_vectors, items);
  REQUIRE(found.ok());
  CHECK(found->placements[0] == Placement::kNoMap);
  items.dimension = 7;
  items.vectors.resize(4 * 7, 1);
  found = place_new_items(*with_vectors, items);
  REQUIRE(found.ok());
  CHECK(found->placements[0] == Placement::kOtherDimension);
  items.dimension = 8;
  items.vectors.assign(4 * 8, 2e6F);
  found = place_new_items(*with_vectors, items);
  REQUIRE(found.ok());
  CHECK(found->placements[0] == Placement::kTooLarge);

  const OpenedModel with_attributes(with_map(sample_fold_in({.items = 60})));
  items.vectors.clear();
  for (Attribute& attribute : items.catalogue.attributes) attribute.name += "?";
  found = place_new_items(*with_attributes, items);
  REQUIRE(found.ok());
  CHECK(found->placements[0] == Placement::kNothingKnown);
  items.catalogue = new_catalogue();
  items.catalogue.attributes[1].numbers[0] = 1e20F;
  found = place_new_items(*with_attributes, items);
  REQUIRE(found.ok());
  CHECK(found->placements[0] == Placement::kTooLarge);
}

TEST_CASE("A model without item vectors or attributes has no content map") {
  Result<ContentMap> map = fit_content_map(sample_item_weights({.items = 60}));
  REQUIRE(!map.ok());
  CHECK(map.error().code == ErrorCode::kRequestInvalid);
  CHECK(map.error().message.find("no vectors") != std::string::npos);
  ModelContents contents = sample_fold_in({.items = 60});
  contents.catalogue.attributes.clear();
  map = fit_content_map(contents);
  REQUIRE(!map.ok());
  CHECK(map.error().message.find("nothing is known") != std::string::npos);
}

TEST_CASE("To a ranker that reads recency new items are as recent as can be") {
  const ModelContents contents = with_map(golden::recency_model());
  const OpenedModel old(contents);
  Catalogue items = new_catalogue();
  items.attributes[0].name = contents.catalogue.attributes[0].name;
  const GrownModel grown(*old, {.catalogue = items});
  const std::span<const std::uint8_t> recency = grown->ranker()->recency;
  REQUIRE(recency.size() == grown->item_count());
  REQUIRE(recency.size() > contents.ranker->recency.size());
  CHECK(
      std::ranges::equal(recency.first(contents.ranker->recency.size()), contents.ranker->recency));
  CHECK(recency.back() == kMostRecent);
}

TEST_CASE("A grown file grows again, with its content map or without") {
  const ModelContents contents = with_map(sample_retrievers(true, {.items = 60}));
  const OpenedModel old(contents);
  const GrownModel once(*old, {.catalogue = new_catalogue()});
  Catalogue more = new_catalogue();
  more.ids = {"y", "z", "b", "c"};
  const GrownModel twice(*once, {.catalogue = more}, ContentMapStays::kNo);
  CHECK(twice.placements == std::vector{Placement::kPlaced, Placement::kKnown, Placement::kPlaced,
                                        Placement::kNothingKnown});
  CHECK(twice->item_count() == 64);
  std::vector<float> first(contents.dimension);
  std::vector<float> second(contents.dimension);
  twice->item_vectors().read(to_row(*twice->find("z")), first);
  twice->item_vectors().read(to_row(*twice->find("y")), second);
  CHECK(first == second);
  const GrownModel after(*once, {.catalogue = more});
  CHECK(content_map_of(*after)->has_value());
  CHECK_FALSE(content_map_of(*twice)->has_value());
}

}  // namespace train_new_items_test
}  // namespace palate::testing
