// Simulated visitors: what the documented model promises, seen in the rows.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "data/alias_table.h"
#include "data_samples.h"
#include "palate/random.h"
#include "palate/simulate.h"

namespace palate::testing {
namespace data_simulate_test {

constexpr std::size_t kItems = 400;
constexpr std::uint32_t kGenres = 8;

Attribute number_attribute(const std::string& name) {
  Attribute attribute;
  attribute.name = name;
  attribute.kind = AttributeKind::kNumber;
  return attribute;
}

/// Items of 8 genres in turn; votes fall from item to item, years do not follow either.
Catalogue sample_items() {
  Catalogue items;
  Attribute genre;
  genre.name = "Genre";
  genre.kind = AttributeKind::kCategory;
  genre.offsets = {0};
  Attribute votes = number_attribute("imdb_votes");
  Attribute year = number_attribute("year");
  Attribute rating = number_attribute("rating");
  for (std::uint32_t g = 0; g < kGenres; ++g) genre.categories.push_back("g" + std::to_string(g));
  for (std::uint32_t i = 0; i < kItems; ++i) {
    items.ids.push_back("i" + std::to_string(i));
    genre.entries.push_back(i % kGenres);
    genre.offsets.push_back(i + 1);
    votes.numbers.push_back(100'000.0F / static_cast<float>(i + 1));
    year.numbers.push_back(static_cast<float>(1950 + i * 37 % 60));
    rating.numbers.push_back(static_cast<float>(i * 53 % 100));
  }
  items.attributes = {genre, votes, year, rating};
  return items;
}

const InteractionLog& sample_log() {
  static const InteractionLog log =
      *simulate(sample_items(), {.users = 300, .events = 15'000, .seed = 3});
  return log;
}

std::uint32_t genre_of(std::uint32_t item) { return item % kGenres; }

std::vector<std::vector<std::uint32_t>> items_of_users(const InteractionLog& log) {
  std::vector<std::vector<std::uint32_t>> items(log.users.size());
  for (std::size_t row = 0; row < log.size(); ++row) items[log.user[row]].push_back(log.item[row]);
  return items;
}

/// The share of pairs of one user's items that are of one genre: items that follow one another, or
/// with `ends_only` those of the first quarter with those as far from the end.
double same_genre_share(const std::vector<std::vector<std::uint32_t>>& users, bool ends_only) {
  double same = 0;
  double pairs = 0;
  for (const auto& items : users) {
    for (std::size_t i = 0; i + 1 < items.size(); ++i) {
      const std::size_t other = ends_only ? items.size() - 1 - i : i + 1;
      if (ends_only && (i >= items.size() / 4 || other <= i)) break;
      same += genre_of(items[i]) == genre_of(items[other]) ? 1 : 0;
      ++pairs;
    }
  }
  return same / pairs;
}

TEST_CASE("A simulated log has the asked size, no item twice and rows in order of time") {
  const InteractionLog& log = sample_log();
  CHECK(log.size() == 15'000);
  CHECK(log.users.size() == 300);
  CHECK(log.value.empty());
  CHECK(std::ranges::is_sorted(log.time_ms));
  CHECK(log.time_ms.front() >= 1'672'531'200'000);  // 2023-01-01
  CHECK(log.time_ms.back() < 1'735'603'200'000);    // 730 days later
  for (const auto& items : items_of_users(log)) {
    CHECK(!items.empty());
    CHECK(items.size() <= kItems / 2);
    CHECK(std::set(items.begin(), items.end()).size() == items.size());
  }
}

TEST_CASE("The same seed gives the same log, another seed another") {
  const auto draw = [](std::uint64_t seed) {
    return *simulate(sample_items(), {.users = 50, .events = 1'000, .seed = seed});
  };
  const InteractionLog first = draw(1);
  const InteractionLog again = draw(1);
  CHECK(first.user == again.user);
  CHECK(first.item == again.item);
  CHECK(first.time_ms == again.time_ms);
  CHECK(first.item != draw(2).item);
}

TEST_CASE("Popular items are met more often") {
  std::vector<double> counts(kItems, 0);
  for (const std::uint32_t item : sample_log().item) ++counts[item];
  const auto mean = [&](std::size_t first, std::size_t end) {
    return std::accumulate(counts.begin() + static_cast<long>(first),
                           counts.begin() + static_cast<long>(end), 0.0) /
           static_cast<double>(end - first);
  };
  CHECK(mean(0, 20) > 1.6 * mean(20, 100));
  CHECK(mean(20, 100) > 2 * mean(200, 400));
}

TEST_CASE("What one user takes is of one taste: genres repeat far more often than by chance") {
  const auto users = items_of_users(sample_log());
  // By chance: two independent draws from all rows.
  std::vector<double> shares(kGenres, 0);
  for (const std::uint32_t item : sample_log().item) ++shares[genre_of(item)];
  double chance = 0;
  for (const double share : shares) chance += share * share / (15'000.0 * 15'000.0);
  CHECK(same_genre_share(users, false) > 1.7 * chance);
}

TEST_CASE("Tastes drift: a user's first and last choices agree less than neighbouring ones") {
  const InteractionLog log =
      *simulate(sample_items(), {.users = 2'000, .events = 60'000, .seed = 8});
  const auto users = items_of_users(log);
  CHECK(same_genre_share(users, true) < 0.97 * same_genre_share(users, false));
}

TEST_CASE("Better items are taken more often than worse ones of like popularity") {
  double good = 0;
  double bad = 0;
  for (const std::uint32_t item : sample_log().item) {
    (item * 53 % 100 >= 50 ? good : bad) += 1;
  }
  CHECK(good > 1.3 * bad);
}

TEST_CASE("Any catalogue will do, with no attribute at all") {
  Catalogue bare;
  for (int i = 0; i < 50; ++i) bare.ids.push_back(std::to_string(i));
  const Result<InteractionLog> log = simulate(bare, {.users = 100, .events = 2'000, .seed = 1});
  REQUIRE(log);
  CHECK(log->size() == 2'000);
}

TEST_CASE("Sizes that cannot be simulated are refused") {
  const auto refused = [](const SimulateOptions& options) {
    const Result<InteractionLog> log = simulate(sample_items(), options);
    return !log && log.error().code == ErrorCode::kRequestInvalid;
  };
  CHECK(refused({.users = 10, .events = 999}));
  CHECK(refused({.users = 10, .events = 10'000'001}));
  CHECK(refused({.users = 0, .events = 1'000}));
  CHECK(refused({.users = 2'000, .events = 1'000}));
  CHECK(refused({.users = 5, .events = 1'001}));  // 5 users x half of 400 items
  CHECK_FALSE(simulate(Catalogue{}, {}));
}

TEST_CASE("The alias table draws in proportion to its weights") {
  const std::vector<double> weights = {1, 2, 3, 4, 0.5};
  const internal::AliasTable table(weights);
  Random random(2);
  std::vector<double> counts(weights.size(), 0);
  constexpr int kDraws = 105'000;
  for (int draw = 0; draw < kDraws; ++draw) ++counts[table.draw(random)];
  double chi_square = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double expected = kDraws * weights[i] / 10.5;
    chi_square += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  CHECK(chi_square < 18.5);  // 99.9 % of the distribution with 4 degrees of freedom
}

}  // namespace data_simulate_test
}  // namespace palate::testing
