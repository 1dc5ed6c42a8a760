// What lists are made of: formulas against values worked out by hand and against counting pairs.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "evaluate/diversity.h"
#include "evaluate/exposure.h"
#include "evaluate/list_metrics.h"
#include "evaluate_samples.h"
#include "palate/random.h"

namespace palate::internal {
namespace evaluate_lists_test {

using Catch::Approx;
using Set = std::vector<std::uint32_t>;

std::vector<ItemIndex> items_of(const std::vector<std::uint32_t>& rows) {
  std::vector<ItemIndex> items;
  for (const std::uint32_t row : rows) items.push_back(ItemIndex{row});
  return items;
}

TEST_CASE("Self-information counts the halvings of the whole") {
  CHECK(self_information(1, 8) == Approx(3.0));
  CHECK(self_information(8, 8) == 0.0);
  CHECK(self_information(0, 8) == Approx(3.0));
}

TEST_CASE("The Gini index is 0 for equal amounts and 1 - 1 / n where one has all") {
  CHECK(gini_index({7, 7, 7}) == 0.0);
  CHECK(gini_index({0, 4, 0, 0}) == Approx(0.75));
  CHECK(gini_index({0, 0}) == 0.0);
}

TEST_CASE("The Gini index is half of the relative mean difference of all pairs") {
  Random random(4);
  std::vector<std::uint64_t> amounts(60);
  for (std::uint64_t& amount : amounts) amount = random.below(50);
  double difference = 0;
  double whole = 0;
  for (const std::uint64_t a : amounts) {
    whole += static_cast<double>(a);
    for (const std::uint64_t b : amounts) difference += static_cast<double>(a > b ? a - b : b - a);
  }
  CHECK(gini_index(amounts) == Approx(difference / (2 * 60 * whole)).epsilon(1e-12));
  CHECK(gini_index({4, 1, 3, 2}) == Approx(0.25));
}

TEST_CASE("Jaccard's similarity is the share of what is common") {
  CHECK(jaccard_similarity(Set{1, 2, 3}, Set{2, 3, 4}) == Approx(0.5));
  CHECK(jaccard_similarity(Set{1, 9}, Set{1, 9}) == 1.0);
  CHECK(jaccard_similarity(Set{1, 3, 5}, Set{2, 4}) == 0.0);
  CHECK(jaccard_similarity(Set{}, Set{1}) == 0.0);
  CHECK(jaccard_similarity(Set{}, Set{}) == 0.0);
}

TEST_CASE("Head, torso and tail hold a third of the interactions each, as near as items allow") {
  using enum PopularityClass;
  // Before them stand 0, 5, 9, 12 and 14 of 15.
  CHECK(popularity_classes(Set{5, 4, 3, 2, 1}) == std::vector{kHead, kTorso, kTorso, kTail, kTail});
  CHECK(popularity_classes(Set{9}) == std::vector{kHead});
  CHECK(popularity_classes(Set{1, 1, 1, 1, 1, 1}) ==
        std::vector{kHead, kHead, kTorso, kTorso, kTail, kTail});
}

double mean_distance_of_pairs(const ModelContents& contents, const std::vector<ItemIndex>& list) {
  const std::size_t dimension = contents.dimension;
  const auto dot = [&](ItemIndex a, ItemIndex b) {
    double sum = 0;
    for (std::size_t at = 0; at < dimension; ++at) {
      sum += static_cast<double>(contents.item_vectors[to_row(a) * dimension + at]) *
             contents.item_vectors[to_row(b) * dimension + at];
    }
    return sum;
  };
  double distances = 0;
  double pairs = 0;
  for (std::size_t a = 0; a < list.size(); ++a) {
    for (std::size_t b = a + 1; b < list.size(); ++b) {
      const double lengths = std::sqrt(dot(list[a], list[a]) * dot(list[b], list[b]));
      distances += lengths > 0 ? 1 - dot(list[a], list[b]) / lengths : 1;
      ++pairs;
    }
  }
  return distances / pairs;
}

TEST_CASE("The diversity of vectors is the mean of 1 - cosine over the pairs") {
  ModelContents contents = testing::fold_in_contents(20, 3);
  for (std::size_t at = 0; at < 3; ++at) contents.item_vectors[4 * 3 + at] = 0;
  const auto [bytes, model] = testing::open_model(contents);
  const ItemLikeness likeness(model);
  CHECK(likeness.basis() == DiversityBasis::kItemVectors);
  for (const auto& rows : {Set{0, 1}, Set{3, 4, 5}, Set{9, 8, 7, 6, 5, 4, 3, 19}}) {
    const auto list = items_of(rows);
    CHECK(likeness.mean_distance(list) ==
          Approx(mean_distance_of_pairs(contents, list)).epsilon(1e-10));
  }
  CHECK(std::isnan(likeness.mean_distance(items_of({3}))));
  CHECK(std::isnan(likeness.mean_distance({})));
}

TEST_CASE("Without vectors, diversity is taken from the categories of all attributes") {
  ModelContents contents = testing::popularity_contents(4);
  // Genres: a b; b; c; none. Countries: x; x; y; none.
  contents.catalogue.attributes.push_back(
      {"genre", AttributeKind::kCategory, {}, {"a", "b", "c"}, {0, 2, 3, 4, 4}, {1, 0, 1, 2}});
  contents.catalogue.attributes.push_back(
      {"country", AttributeKind::kCategory, {}, {"x", "y"}, {0, 1, 2, 3, 3}, {0, 0, 1}});
  const auto [bytes, model] = testing::open_model(contents);
  const ItemLikeness likeness(model);
  CHECK(likeness.basis() == DiversityBasis::kCategories);
  // {a, b, x} and {b, x} share two of three; {c, y} shares nothing with either.
  CHECK(likeness.mean_distance(items_of({0, 1})) == Approx(1.0 / 3.0));
  CHECK(likeness.mean_distance(items_of({2, 1, 0})) == Approx((1.0 / 3.0 + 1 + 1) / 3));
  CHECK(likeness.mean_distance(items_of({0, 3})) == 1.0);
}

TEST_CASE("A model with neither vectors nor categories has no diversity") {
  const auto [bytes, model] = testing::open_model(testing::popularity_contents(4));
  const ItemLikeness likeness(model);
  CHECK(likeness.basis() == DiversityBasis::kNone);
  CHECK(std::isnan(likeness.mean_distance(items_of({0, 1}))));
}

TEST_CASE("Exposure counts the lists in which an item stands, cut-off by cut-off") {
  Exposure exposure(4, {1, 3});
  exposure.note(items_of({0, 1, 2}));
  Exposure other(4, {1, 3});
  other.note(items_of({0, 2}));
  exposure.merge(other);
  // At 1: 2 0 0 0; at 3: 2 1 2 0.
  CHECK(exposure.coverage(0) == Approx(0.25));
  CHECK(exposure.gini(0) == Approx(0.75));
  CHECK(exposure.coverage(1) == Approx(0.75));
  CHECK(exposure.gini(1) == Approx((-1.0 * 1 + 1 * 2 + 3 * 2) / (4 * 5)));
}

}  // namespace evaluate_lists_test
}  // namespace palate::internal
