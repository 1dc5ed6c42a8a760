// Re-ranking against its definition: the greedy choice over the whole candidates, written out.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "palate/recommender.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_reranker_test {

constexpr std::uint32_t kItems = 200;
constexpr std::uint32_t kGenre = 0;
constexpr std::uint32_t kYear = 1;

class Lister {
 public:
  explicit Lister(const ModelContents& contents,
                  std::vector<Event> history = sample_history(kItems, 6, 4))
      : contents_(contents),
        model_(contents),
        recommender_(Recommender::create(*model_)),
        history_(std::move(history)) {
    REQUIRE(recommender_.ok());
  }

  Result<std::vector<Pick>> try_list(const Request& request, std::size_t count) {
    std::vector<Pick> picks(count);
    const auto found = recommender_->recommend(history_, request, picks);
    if (!found) return found.error();
    picks.resize(*found);
    return picks;
  }

  std::vector<Pick> list(const Reranking& reranking, std::size_t count, const Filter& filter = {}) {
    auto picks = try_list({.filter = filter, .reranking = reranking}, count);
    if (!picks) FAIL(picks.error().message);
    return *std::move(picks);
  }

  std::vector<std::uint32_t> genres(ItemIndex item) const {
    const Attribute& genre = contents_.catalogue.attributes[kGenre];
    return {genre.entries.begin() + genre.offsets[to_row(item)],
            genre.entries.begin() + genre.offsets[to_row(item) + 1]};
  }
  bool has_genre(ItemIndex item, std::uint32_t genre) const {
    const std::vector<std::uint32_t> all = genres(item);
    return std::find(all.begin(), all.end(), genre) != all.end();
  }

  double similarity(ItemIndex a, ItemIndex b) const {
    if (a == b) return 1;
    if (contents_.item_vectors.empty()) {
      const std::vector<std::uint32_t> ours = genres(a);
      std::set<std::uint32_t> all(ours.begin(), ours.end());
      double shared = 0;
      for (const std::uint32_t genre : genres(b)) shared += all.insert(genre).second ? 0 : 1;
      return shared == 0 ? 0 : shared / static_cast<double>(all.size());
    }
    Vector x = reference_item_vector(contents_, to_row(a));
    Vector y = reference_item_vector(contents_, to_row(b));
    if (contents_.value_fold_in) {
      x.pop_back();
      y.pop_back();
    }
    return (1 + reference_dot(x, y) / std::sqrt(reference_dot(x, x) * reference_dot(y, y))) / 2;
  }

  const ModelContents& contents() const { return contents_; }
  Recommender& recommender() { return *recommender_; }
  const std::vector<Event>& history() const { return history_; }

 private:
  ModelContents contents_;
  OpenedModel model_;
  Result<Recommender> recommender_;
  std::vector<Event> history_;
};

std::vector<std::size_t> rows_of(const std::vector<Pick>& picks) {
  std::vector<std::size_t> rows;
  for (const Pick& pick : picks) rows.push_back(to_row(pick.item));
  return rows;
}

/// Takes `count` of the candidates, each time the one with the largest objective.
using Objective = std::function<double(std::size_t, const std::vector<std::size_t>&)>;
using Fits = std::function<bool(std::size_t, const std::vector<std::size_t>&)>;
std::vector<std::size_t> chosen(std::size_t candidates, std::size_t count,
                                const Objective& objective, const Fits& fits = {}) {
  std::vector<std::size_t> list;
  while (list.size() < count) {
    std::size_t best = candidates;
    double best_value = 0;
    for (std::size_t i = 0; i < candidates; ++i) {
      if (std::find(list.begin(), list.end(), i) != list.end()) continue;
      if (fits && !fits(i, list)) continue;
      const double value = objective(i, list);
      if (best < candidates && value <= best_value) continue;
      best = i;
      best_value = value;
    }
    if (best == candidates) break;
    list.push_back(best);
  }
  return list;
}

std::vector<std::size_t> rows_at(const std::vector<Pick>& pool,
                                 const std::vector<std::size_t>& places) {
  std::vector<std::size_t> rows;
  for (const std::size_t place : places) rows.push_back(to_row(pool[place].item));
  return rows;
}

double relevance(const std::vector<Pick>& pool, std::size_t i) {
  const double lowest = pool.back().score;
  return (pool[i].score - lowest) / (pool.front().score - lowest);
}

/// By Gaussian elimination, from the definition.
double log_determinant(Matrix a) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    sum += std::log(a[k][k]);
    for (std::size_t i = k + 1; i < a.size(); ++i) {
      const double factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < a.size(); ++j) a[i][j] -= factor * a[k][j];
    }
  }
  return sum;
}

TEST_CASE("Diversity of strength 0 is the plain ranking, for every encoder") {
  for (const ModelContents& contents :
       samples_of_every_encoder({.items = kItems, .candidates = kItems})) {
    Lister lister(contents);
    const std::vector<Pick> plain = lister.list({}, 30);
    for (const Diversity kind : {Diversity::kMmr, Diversity::kDpp}) {
      const std::vector<Pick> same = lister.list({.diversity = kind, .strength = 0}, 30);
      CHECK(rows_of(same) == rows_of(plain));
      for (std::size_t i = 0; i < same.size(); ++i) CHECK(same[i].score == plain[i].score);
    }
  }
}

TEST_CASE("MMR takes what relevance and the nearest item of the list say") {
  const float strength = GENERATE(0.1F, 0.5F, 1.0F);
  for (const ModelContents& contents :
       samples_of_every_encoder({.items = kItems, .candidates = kItems})) {
    Lister lister(contents);
    const std::vector<Pick> pool = lister.list({}, 40);
    const auto objective = [&](std::size_t i, const std::vector<std::size_t>& list) {
      double nearest = 0;
      for (const std::size_t j : list) {
        nearest = std::max(nearest, lister.similarity(pool[i].item, pool[j].item));
      }
      return (1 - strength) * relevance(pool, i) - strength * nearest;
    };
    const Reranking mmr{.diversity = Diversity::kMmr, .strength = strength, .pool = 40};
    CHECK(rows_of(lister.list(mmr, 12)) == rows_at(pool, chosen(pool.size(), 12, objective)));
  }
}

TEST_CASE("The greedy DPP is the naive greedy choice by log-determinants") {
  const float strength = GENERATE(0.2F, 0.6F);
  for (const ModelContents& contents :
       {sample_fold_in({.items = kItems, .dimension = 16}),
        sample_hybrid({.items = kItems, .dimension = 16, .candidates = kItems}),
        sample_value_fold_in({.items = kItems, .dimension = 16})}) {
    Lister lister(contents);
    const std::vector<Pick> pool = lister.list({}, 30);
    const auto objective = [&](std::size_t i, std::vector<std::size_t> list) {
      const auto of_list = [&] {
        Matrix kernel;
        for (const std::size_t a : list) {
          Vector& row = kernel.emplace_back();
          for (const std::size_t b : list) {
            row.push_back(lister.similarity(pool[a].item, pool[b].item));
          }
        }
        return log_determinant(kernel);
      };
      const double before = of_list();
      list.push_back(i);
      return (1 - strength) * relevance(pool, i) + strength * (of_list() - before);
    };
    const Reranking dpp{.diversity = Diversity::kDpp, .strength = strength, .pool = 30};
    CHECK(rows_of(lister.list(dpp, 10)) == rows_at(pool, chosen(pool.size(), 10, objective)));
  }
}

TEST_CASE("A DPP that has run out of directions still fills the list, best first") {
  ModelContents contents = sample_fold_in({.items = kItems, .dimension = 2});
  Lister lister(contents);
  const Reranking dpp{.diversity = Diversity::kDpp, .strength = 0.9F, .pool = 50};
  const std::vector<Pick> list = lister.list(dpp, 50);
  const std::vector<std::size_t> rows = rows_of(list);
  REQUIRE(rows.size() == 50);
  CHECK(std::set<std::size_t>(rows.begin(), rows.end()).size() == 50);
  CHECK(list[48].score > list[49].score);
}

TEST_CASE("No cap is ever exceeded, and the list is as long as the catalogue allows") {
  const std::uint32_t most = GENERATE(0U, 1U, 3U);
  const std::uint32_t pool = GENERATE(1U, 25U);
  const std::vector<Cap> caps = {{kGenre, most}};
  for (const ModelContents& contents :
       samples_of_every_encoder({.items = kItems, .candidates = kItems})) {
    Lister lister(contents);
    const std::vector<Pick> all = lister.list({}, kItems);
    const auto fits = [&](std::size_t i, const std::vector<std::size_t>& list) {
      const std::vector<std::uint32_t> genres = lister.genres(all[i].item);
      return std::all_of(genres.begin(), genres.end(), [&](std::uint32_t genre) {
        return std::cmp_less(
            std::count_if(list.begin(), list.end(),
                          [&](std::size_t j) { return lister.has_genre(all[j].item, genre); }),
            most);
      });
    };
    const auto by_score = [&](std::size_t i, const std::vector<std::size_t>&) {
      return -static_cast<double>(i);
    };
    const auto expected = rows_at(all, chosen(all.size(), 12, by_score, fits));
    CHECK(rows_of(lister.list({.caps = caps, .pool = pool}, 12)) == expected);
    const auto diverse = lister.list(
        {.caps = caps, .diversity = Diversity::kDpp, .strength = 0.5F, .pool = pool}, 12);
    std::map<std::uint32_t, std::uint32_t> counts;
    for (const Pick& pick : diverse) {
      for (const std::uint32_t genre : lister.genres(pick.item)) ++counts[genre];
    }
    for (const auto& [genre, count] : counts) CHECK(count <= most);
  }
}

TEST_CASE("Quotas are met where the catalogue has the items, by the best of them") {
  const std::vector<Quota> quotas = {{kGenre, 0, 3}, {kGenre, 2, 2}};
  for (const ModelContents& contents :
       samples_of_every_encoder({.items = kItems, .candidates = kItems})) {
    Lister lister(contents);
    // The items of these genres stand last, beyond any pool.
    const std::vector<Pick> all = lister.list({}, kItems);
    std::vector<ItemIndex> early;
    for (const Pick& pick : std::span(all).first(60)) {
      if (lister.has_genre(pick.item, 0) || lister.has_genre(pick.item, 2)) {
        early.push_back(pick.item);
      }
    }
    const Filter filter{.exclude = early};
    const std::vector<Pick> plain = lister.list({}, kItems, filter);
    const auto missing = [&](std::size_t genre, std::uint32_t wanted,
                             const std::vector<std::size_t>& list) {
      const auto have = std::count_if(list.begin(), list.end(), [&](std::size_t j) {
        return lister.has_genre(plain[j].item, static_cast<std::uint32_t>(genre));
      });
      return std::max<std::ptrdiff_t>(0, wanted - have);
    };
    const auto fits = [&](std::size_t i, const std::vector<std::size_t>& list) {
      const auto first = missing(0, 3, list);
      const auto second = missing(2, 2, list);
      if (first + second == 0 || static_cast<std::size_t>(first + second) < 10 - list.size()) {
        return true;
      }
      return (first > 0 && lister.has_genre(plain[i].item, 0)) ||
             (second > 0 && lister.has_genre(plain[i].item, 2));
    };
    const auto by_score = [](std::size_t i, const std::vector<std::size_t>&) {
      return -static_cast<double>(i);
    };
    const std::vector<Pick> list = lister.list({.quotas = quotas, .pool = 12}, 10, filter);
    CHECK(rows_of(list) == rows_at(plain, chosen(plain.size(), 10, by_score, fits)));
    const auto have = [&](std::uint32_t genre) {
      return std::count_if(list.begin(), list.end(),
                           [&](const Pick& pick) { return lister.has_genre(pick.item, genre); });
    };
    CHECK(have(0) >= 3);
    CHECK(have(2) >= 2);
  }
}

TEST_CASE("Quotas that no item can meet do not shorten the list") {
  Lister lister(sample_fold_in({.items = kItems}));
  const std::vector<Quota> unknown = {{kGenre, kNoCategory, 4}, {kGenre, 1, 2}};
  const std::vector<Pick> list = lister.list({.quotas = unknown}, 10);
  CHECK(list.size() == 10);
  CHECK(std::count_if(list.begin(), list.end(),
                      [&](const Pick& pick) { return lister.has_genre(pick.item, 1); }) >= 2);
  const std::vector<Cap> none = {{kGenre, 1}};
  const std::vector<Quota> against = {{kGenre, 1, 5}};
  const std::vector<Pick> capped = lister.list({.caps = none, .quotas = against}, 3);
  CHECK(capped.size() == 3);
  CHECK(std::count_if(capped.begin(), capped.end(),
                      [&](const Pick& pick) { return lister.has_genre(pick.item, 1); }) == 1);
}

TEST_CASE("Pinned items come first, seen or not, and count for the caps") {
  Lister lister(sample_hybrid({.items = kItems, .candidates = 100}));
  const ItemIndex seen = lister.history()[2].item;
  const std::vector<Pick> plain = lister.list({}, 8);
  const std::vector<ItemIndex> pinned = {ItemIndex{150}, seen, ItemIndex{150}, ItemIndex{7},
                                         plain[1].item};
  const std::vector<ItemIndex> barred = {ItemIndex{7}};
  const std::vector<Pick> list = lister.list({.pinned = pinned}, 8, {.exclude = barred});
  REQUIRE(list.size() == 8);
  CHECK(list[0].item == ItemIndex{150});
  CHECK(list[1].item == seen);
  CHECK(list[2].item == plain[1].item);
  CHECK(list[3].item == plain[0].item);
  CHECK(list[4].item == plain[2].item);
  CHECK(rows_of(lister.list({.pinned = pinned}, 2)) == std::vector<std::size_t>{150, to_row(seen)});
  const std::vector<Cap> caps = {{kGenre, 1}};
  const std::vector<Pick> capped = lister.list({.pinned = pinned, .caps = caps}, 8);
  for (const std::uint32_t genre : lister.genres(ItemIndex{150})) {
    for (std::size_t i = 4; i < capped.size(); ++i) {
      CHECK_FALSE(lister.has_genre(capped[i].item, genre));
    }
  }
}

TEST_CASE("Popularity, freshness and handicaps change values as their formulas say") {
  for (const ModelContents& contents :
       samples_of_every_encoder({.items = kItems, .candidates = kItems})) {
    Lister lister(contents);
    const std::vector<Pick> pool = lister.list({}, 60);
    const std::vector<Handicap> handicaps = {{pool[0].item, 0.4F}, {pool[5].item, -0.3F}};
    const Catalogue& catalogue = contents.catalogue;
    const std::vector<float>& years = catalogue.attributes[kYear].numbers;
    const auto objective = [&](std::size_t i, const std::vector<std::size_t>&) {
      const std::size_t row = to_row(pool[i].item);
      double value = relevance(pool, i) - 0.5 * std::log1p(catalogue.popularity[row]) /
                                              std::log1p(catalogue.popularity[0]);
      if (!std::isnan(years[row])) {
        value += 0.7 * std::exp2(-std::max(0.0, 2000.0 - years[row]) / 12);
      }
      if (i == 0) value -= 0.4F;
      if (i == 5) value += 0.3F;
      return value;
    };
    const Reranking reranking{
        .handicaps = handicaps,
        .popularity = 0.5F,
        .freshness = Freshness{.attribute = kYear, .half_life = 12, .weight = 0.7F, .now = 2000},
        .pool = 58};  // and one for each handicap
    CHECK(rows_of(lister.list(reranking, 25)) == rows_at(pool, chosen(pool.size(), 25, objective)));
  }
}

TEST_CASE("Freshness counts from the catalogue's newest item by itself") {
  Lister lister(sample_fold_in({.items = kItems}));
  float newest = 0;
  for (const float year : lister.contents().catalogue.attributes[kYear].numbers) {
    newest = std::fmax(newest, year);
  }
  Freshness freshness{.attribute = kYear, .half_life = 3, .weight = 2};
  const std::vector<Pick> list = lister.list({.freshness = freshness}, 20);
  freshness.now = newest;
  CHECK(rows_of(lister.list({.freshness = freshness}, 20)) == rows_of(list));
  freshness.now = newest - 30;
  CHECK(rows_of(lister.list({.freshness = freshness}, 20)) != rows_of(list));
}

TEST_CASE("Scores stay those of the items, and reasons sum to them") {
  for (const ModelContents& contents :
       samples_of_every_encoder({.items = kItems, .candidates = kItems})) {
    Lister lister(contents);
    const std::vector<ItemIndex> pinned = {ItemIndex{180}};
    const std::vector<Pick> list = lister.list(
        {.pinned = pinned, .popularity = 1, .diversity = Diversity::kDpp, .strength = 0.5F}, 10);
    for (const Pick& pick : list) {
      float score = 0;
      REQUIRE(lister.recommender().score(lister.history(), {&pick.item, 1}, {&score, 1}).ok());
      CHECK(pick.score == Catch::Approx(score).epsilon(1e-5).margin(1e-6));
      const auto why = lister.recommender().explain(lister.history(), pick.item);
      REQUIRE(why.ok());
      double sum = double{why->base} + why->remainder;
      for (const Contribution& contribution : why->contributions) sum += contribution.amount;
      CHECK(sum == Catch::Approx(pick.score).epsilon(1e-4).margin(1e-5));
    }
  }
}

TEST_CASE("The list of a new visitor is re-ranked, too") {
  Lister lister(sample_hybrid({.items = kItems, .candidates = 100}), {});
  const std::vector<Pick> plain = lister.list({}, 20);
  const std::vector<Pick> diverse =
      lister.list({.diversity = Diversity::kMmr, .strength = 0.9F}, 20);
  CHECK(diverse[0].item == plain[0].item);
  CHECK(rows_of(diverse) != rows_of(plain));
}

TEST_CASE("Where nothing tells how similar items are, diversity says so") {
  ModelContents contents = sample_popularity({.items = kItems});
  contents.catalogue.attributes.erase(contents.catalogue.attributes.begin());
  Lister lister(contents);
  const auto list =
      lister.try_list({.reranking = {.diversity = Diversity::kMmr, .strength = 0.5F}}, 5);
  REQUIRE_FALSE(list.ok());
  CHECK(list.error().code == ErrorCode::kModelUnsupported);
}

TEST_CASE("Re-ranking refuses what is out of range or not in the model") {
  Lister lister(sample_fold_in({.items = kItems}));
  const std::vector<ItemIndex> beyond = {ItemIndex{kItems}};
  const std::vector<Cap> no_categories = {{kYear, 1}};
  const std::vector<Cap> no_attribute = {{9, 1}};
  const std::vector<Quota> no_category = {{kGenre, 999, 1}};
  const std::vector<Quota> of_numbers = {{kYear, 0, 1}};
  const std::vector<Handicap> endless = {{ItemIndex{0}, kNoValue}};
  const std::vector<Handicap> nobody = {{ItemIndex{kItems}, 1}};
  const Reranking bad[] = {
      {.pinned = beyond},
      {.caps = no_categories},
      {.caps = no_attribute},
      {.quotas = no_category},
      {.quotas = of_numbers},
      {.handicaps = endless},
      {.handicaps = nobody},
      {.popularity = kNoValue},
      {.freshness = Freshness{.attribute = kGenre, .half_life = 1, .weight = 1}},
      {.freshness = Freshness{.attribute = kYear, .half_life = 0, .weight = 1}},
      {.freshness = Freshness{.attribute = kYear, .half_life = 1, .weight = kNoValue}},
      {.diversity = Diversity::kMmr, .strength = 1.5F},
      {.diversity = Diversity::kDpp, .strength = kNoValue},
  };
  for (const Reranking& reranking : bad) {
    const auto list = lister.try_list({.reranking = reranking}, 5);
    REQUIRE_FALSE(list.ok());
    CHECK(list.error().code == ErrorCode::kRequestInvalid);
  }
}

}  // namespace runtime_reranker_test
}  // namespace palate::testing
