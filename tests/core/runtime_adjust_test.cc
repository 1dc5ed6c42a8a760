// What a visitor asks for moves lists, scores and explanations by what it says; tastes are shares.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "palate/recommender.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_adjust_test {

constexpr std::uint32_t kItems = 300;  // more than the deviation is measured on

const std::vector<Adjustment> kWishes = {{0, 1, 1.5F}, {0, 3, -2.0F}, {1, 0, 0.5F}};

ModelContents contents_of(int kind) {
  const SampleShape shape{.items = kItems, .candidates = 40};
  switch (kind) {
    case 0:
      return sample_popularity(shape);
    case 1:
      return sample_fold_in(shape);
    case 2:
      return sample_item_weights(shape);
    case 3:
      return sample_value_fold_in(shape);
    case 4:
      return sample_sequence(Mixer::kRecurrence, shape);
    default:
      return sample_retrievers(true, shape);
  }
}

std::vector<float> scores_of(Recommender& recommender, std::span<const Event> history) {
  std::vector<ItemIndex> items;
  for (std::size_t row = 0; row < kItems; ++row) items.push_back(to_item(row));
  std::vector<float> scores(kItems);
  REQUIRE(recommender.score(history, items, scores).ok());
  return scores;
}

bool has(const Attribute& genres, std::size_t row, std::uint32_t category) {
  return std::count(genres.entries.begin() + genres.offsets[row],
                    genres.entries.begin() + genres.offsets[row + 1], category) > 0;
}

// In deviations, for one wish.
double wished(const ModelContents& contents, const Adjustment& wish, std::size_t row) {
  const Attribute& attribute = contents.catalogue.attributes[wish.attribute];
  if (attribute.kind == AttributeKind::kCategory) {
    return has(attribute, row, wish.category) ? wish.weight : 0;
  }
  std::vector<double> known;
  for (const float number : attribute.numbers) {
    if (!std::isnan(number)) known.push_back(number);
  }
  const double mean = std::accumulate(known.begin(), known.end(), 0.0) / known.size();
  double variance = 0;
  for (const double number : known) variance += (number - mean) * (number - mean) / known.size();
  if (std::isnan(attribute.numbers[row])) return 0;
  return wish.weight * std::clamp((attribute.numbers[row] - mean) / std::sqrt(variance), -3.0, 3.0);
}

double deviation_of(std::span<const float> scores) {
  const std::size_t count = std::min<std::size_t>(256, scores.size());
  const double mean = std::accumulate(scores.begin(), scores.begin() + count, 0.0) / count;
  double variance = 0;
  for (std::size_t i = 0; i < count; ++i) {
    variance += (scores[i] - mean) * (scores[i] - mean) / count;
  }
  return std::sqrt(variance);
}

TEST_CASE("Wishes move every score by their weights, and explanations say by how much") {
  const int kind = GENERATE(0, 1, 2, 3, 4, 5);
  const std::uint32_t events = GENERATE(0, 8);
  CAPTURE(kind, events);
  const ModelContents contents = contents_of(kind);
  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = sample_history(kItems, events, 3);
  const std::vector<float> before = scores_of(*recommender, history);
  REQUIRE(recommender->adjust(kWishes).ok());
  const std::vector<float> after = scores_of(*recommender, history);
  const double unit = deviation_of(before);
  REQUIRE(unit > 0);
  for (std::size_t row = 0; row < kItems; row += 13) {
    CAPTURE(row);
    double expected = before[row];
    for (const Adjustment& wish : kWishes) expected += unit * wished(contents, wish, row);
    const double largest = std::max(std::abs(expected), 10 * unit);
    CHECK(std::abs(after[row] - expected) <= 1e-5 * largest);
    const Result<Explanation> explanation = recommender->explain(history, to_item(row));
    REQUIRE(explanation.ok());
    double sum = double{explanation->base} + explanation->remainder;
    for (const Contribution& one : explanation->contributions) sum += one.amount;
    for (const AttributeContribution& one : explanation->adjustments) {
      const auto wish = std::find_if(kWishes.begin(), kWishes.end(), [&](const Adjustment& other) {
        return other.attribute == one.attribute && other.category == one.category;
      });
      REQUIRE(wish != kWishes.end());
      CHECK(one.amount == Catch::Approx(unit * wished(contents, *wish, row)).epsilon(1e-4));
      sum += one.amount;
    }
    CHECK(std::abs(sum - explanation->score) <= 1e-5 * largest);
    CHECK(std::abs(explanation->score - after[row]) <= 1e-5 * largest);
  }
  REQUIRE(recommender->adjust({}).ok());
  CHECK(scores_of(*recommender, history) == before);
}

TEST_CASE("With wishes a list is the best of all items that are not seen") {
  const int kind = GENERATE(0, 1, 2, 3, 4);
  CAPTURE(kind);
  const OpenedModel model(contents_of(kind));
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = sample_history(kItems, 8, 3);
  REQUIRE(recommender->adjust(kWishes).ok());
  const std::vector<float> scores = scores_of(*recommender, history);
  std::vector<Pick> expected;
  for (std::size_t row = 0; row < kItems; ++row) {
    const bool seen = std::any_of(history.begin(), history.end(),
                                  [&](const Event& event) { return to_row(event.item) == row; });
    if (!seen) expected.push_back({to_item(row), scores[row]});
  }
  std::stable_sort(expected.begin(), expected.end(),
                   [](const Pick& a, const Pick& b) { return a.score > b.score; });
  std::vector<Pick> picks(20);
  const Result<std::size_t> count = recommender->recommend(history, {}, picks);
  REQUIRE(count.ok());
  REQUIRE(*count == picks.size());
  for (std::size_t i = 0; i < picks.size(); ++i) {
    CHECK(picks[i].item == expected[i].item);
    CHECK(picks[i].score == expected[i].score);
  }
}

TEST_CASE("A ranker is given what its retrievers find and what the wishes bring up") {
  const ModelContents contents = contents_of(5);
  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = sample_history(kItems, 8, 3);
  std::vector<Pick> plain(40);
  REQUIRE(recommender->recommend(history, {}, plain).ok());
  const std::vector<Adjustment> wish = {{0, 3, 10.0F}};
  REQUIRE(recommender->adjust(wish).ok());
  std::vector<Pick> picks(40);
  REQUIRE(recommender->recommend(history, {}, picks).ok());
  const std::vector<float> scores = scores_of(*recommender, history);
  for (const Pick& pick : picks) {
    CHECK(pick.score == Catch::Approx(scores[to_row(pick.item)]).epsilon(1e-5).margin(1e-5));
    CHECK(has(contents.catalogue.attributes[0], to_row(pick.item), 3));
  }
  const auto of_category = std::count_if(plain.begin(), plain.end(), [&](const Pick& pick) {
    return has(contents.catalogue.attributes[0], to_row(pick.item), 3);
  });
  CHECK(of_category < 40);  // more than the candidates that it has without the wish
  CHECK(std::is_sorted(picks.begin(), picks.end(),
                       [](const Pick& a, const Pick& b) { return a.score > b.score; }));
}

TEST_CASE("A wish that cannot be is refused, and changes nothing") {
  const OpenedModel model(contents_of(1));
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  REQUIRE(recommender->adjust(kWishes).ok());
  const std::vector<Event> history = sample_history(kItems, 8, 3);
  const std::vector<float> before = scores_of(*recommender, history);
  const Adjustment wrong =
      GENERATE(Adjustment{2, 0, 1}, Adjustment{0, 4, 1}, Adjustment{0, 0, 10.5F},
               Adjustment{0, 0, std::numeric_limits<float>::quiet_NaN()});
  const Status status = recommender->adjust({&wrong, 1});
  REQUIRE(!status);
  CHECK(status.error().code == ErrorCode::kRequestInvalid);
  CHECK(scores_of(*recommender, history) == before);
}

TEST_CASE("Where all popular items score the same, a deviation is 1") {
  ModelContents contents = sample_popularity({.items = 40});
  std::fill(contents.catalogue.popularity.begin(), contents.catalogue.popularity.end(), 7);
  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Adjustment> wish = {{0, 1, 2.0F}};
  REQUIRE(recommender->adjust(wish).ok());
  const Attribute& genres = contents.catalogue.attributes[0];
  for (std::size_t row = 0; row < 40; ++row) {
    const Result<Explanation> explanation = recommender->explain({}, to_item(row));
    REQUIRE(explanation.ok());
    CHECK(explanation->score == Catch::Approx(1.0 / 40 + (has(genres, row, 1) ? 2 : 0)));
  }
}

TEST_CASE("A taste is a category's share of the history's weight, beside its share of all") {
  const ModelContents contents = contents_of(1);
  const Attribute& genres = contents.catalogue.attributes[0];
  const OpenedModel model(contents);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  const std::vector<Event> history = sample_history(kItems, 8, 3);
  const Result<std::vector<Taste>> tastes = recommender->taste(history);
  REQUIRE(tastes.ok());
  double told = 0;
  for (std::uint32_t category = 0; category < 4; ++category) {
    double own = 0;
    double weight = 0;
    for (const Event& event : history) {
      weight += event.weight;
      if (has(genres, to_row(event.item), category)) own += event.weight;
    }
    double popular = 0;
    double all = 0;
    for (std::size_t row = 0; row < kItems; ++row) {
      all += contents.catalogue.popularity[row];
      if (has(genres, row, category)) popular += contents.catalogue.popularity[row];
    }
    const auto found = std::find_if(tastes->begin(), tastes->end(),
                                    [&](const Taste& taste) { return taste.category == category; });
    REQUIRE((found != tastes->end()) == (own > 0));
    if (own == 0) continue;
    ++told;
    CHECK(found->attribute == 0);
    CHECK(found->share == Catch::Approx(own / weight));
    CHECK(found->usual == Catch::Approx(popular / all));
  }
  CHECK(told == static_cast<double>(tastes->size()));
  CHECK(told > 0);
  CHECK(recommender->taste({})->empty());
  REQUIRE(recommender->adjust(kWishes).ok());
  const Result<std::vector<Taste>> asked = recommender->taste({});
  REQUIRE(asked->size() == 2);  // a number has no categories
  for (const Taste& taste : *asked) {
    CHECK((taste.category == 1 || taste.category == 3));
    CHECK(taste.share == 0);
    CHECK(taste.usual > 0);
  }
}

}  // namespace runtime_adjust_test
}  // namespace palate::testing
