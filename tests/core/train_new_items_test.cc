// New items stand where a ridge regression on their attributes puts them, in every table.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <vector>

#include "palate/new_items.h"
#include "palate/recommender.h"
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

void check_table(const std::vector<float>& before, const std::vector<float>& after,
                 std::size_t width, const ModelContents& old) {
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

TEST_CASE("New items get the rows that the regression gives them, in every table") {
  const int kind = GENERATE(0, 1, 2, 3, 4);
  CAPTURE(kind);
  const ModelContents before = contents_of(kind);
  ModelContents after = before;
  const Result<PlacedItems> placed = place_new_items(new_catalogue(), after);
  REQUIRE(placed.ok());
  CHECK(placed->placed == 2);
  CHECK(placed->unknown == 1);
  CHECK(std::vector(after.catalogue.ids.end() - 2, after.catalogue.ids.end()) ==
        std::vector<std::string>{"a", "z"});
  CHECK(after.catalogue.titles.back() == "Zed");
  CHECK(after.catalogue.popularity.back() == 0);
  CHECK(after.catalogue.attributes[0].categories.back() == "Opera");
  CHECK(after.catalogue.attributes[1].numbers.back() == 1999);
  check_table(before.item_vectors, after.item_vectors, before.dimension, before);
  if (before.weighted_mean) {
    check_table(before.weighted_mean->history_vectors, after.weighted_mean->history_vectors,
                before.dimension, before);
  }
  if (before.value_fold_in) {
    check_table(before.value_fold_in->implicit_vectors, after.value_fold_in->implicit_vectors,
                before.dimension, before);
  }
  if (before.value_head) {
    check_table(before.value_head->item_bias, after.value_head->item_bias, 1, before);
  }
  if (before.fold_in) {
    const std::vector<float> expected = gramian_of(after);
    REQUIRE(after.fold_in->gramian.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CHECK(after.fold_in->gramian[i] == Catch::Approx(expected[i]).epsilon(1e-5).margin(1e-5));
    }
  }
}

TEST_CASE("All that a model is asked works on items that nobody has touched") {
  const int kind = GENERATE(0, 1, 2, 3, 4);
  const Precision precision = GENERATE(Precision::kFloat32, Precision::kInt8, Precision::kInt4);
  CAPTURE(kind, precision);
  ModelContents contents = contents_of(kind);
  REQUIRE(place_new_items(new_catalogue(), contents).ok());
  contents.precision = precision;
  const OpenedModel model(contents);
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

TEST_CASE("Where new items have no place, an error says why") {
  ModelContents contents = sample_item_weights({.items = 60});
  Result<PlacedItems> placed = place_new_items(new_catalogue(), contents);
  REQUIRE(!placed.ok());
  CHECK(placed.error().code == ErrorCode::kRequestInvalid);
  CHECK(placed.error().message.find("no vectors") != std::string::npos);

  contents = sample_fold_in({.items = 60});
  Catalogue items = new_catalogue();
  items.attributes.pop_back();
  placed = place_new_items(items, contents);
  REQUIRE(!placed.ok());
  CHECK(placed.error().message.find("other attributes") != std::string::npos);

  contents.catalogue.attributes.clear();
  placed = place_new_items(new_catalogue(), contents);
  REQUIRE(!placed.ok());
  CHECK(placed.error().message.find("nothing is known") != std::string::npos);
  CHECK(contents.catalogue.ids.size() == 60);
}

TEST_CASE("Without new items a model stays as it is") {
  ModelContents contents = sample_retrievers(true, {.items = 60});
  const Result<std::vector<std::byte>> before = write_model(contents);
  Catalogue items = contents.catalogue;
  const Result<PlacedItems> placed = place_new_items(items, contents);
  REQUIRE(placed.ok());
  CHECK(placed->placed == 0);
  const Result<std::vector<std::byte>> after = write_model(contents);
  REQUIRE((before.ok() && after.ok()));
  CHECK(*before == *after);
}

}  // namespace train_new_items_test
}  // namespace palate::testing
