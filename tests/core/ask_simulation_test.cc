// What a taste quiz is worth: simulated visitors answer it, and the lists that follow are measured.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "palate/random.h"
#include "palate/recommender.h"
#include "palate/simulate.h"
#include "palate/train.h"
#include "sample_models.h"
#include "train_samples.h"

namespace palate::testing {
namespace ask_simulation_test {

constexpr std::size_t kItems = 400;
constexpr std::size_t kTrained = 1000;  // users; the others are the visitors
constexpr std::size_t kQuestions = 8;

/// Items of 8 genres, so many in turn, the first ones the best known.
Catalogue films(std::uint32_t in_turn) {
  Catalogue items;
  Attribute genre;
  genre.name = "genre";
  genre.kind = AttributeKind::kCategory;
  genre.offsets = {0};
  Attribute votes;
  votes.name = "votes";
  votes.kind = AttributeKind::kNumber;
  for (std::uint32_t g = 0; g < 8; ++g) genre.categories.push_back("g" + std::to_string(g));
  for (std::uint32_t i = 0; i < kItems; ++i) {
    items.ids.push_back("i" + std::to_string(i));
    genre.entries.push_back(i / in_turn % 8);
    genre.offsets.push_back(i + 1);
    votes.numbers.push_back(100'000.0F / static_cast<float>(i + 10));
  }
  items.attributes = {genre, votes};
  return items;
}

/// What each of 1,500 simulated users takes, as numbers of items.
std::vector<std::vector<std::uint32_t>> simulated_users(std::uint32_t in_turn) {
  const auto log = simulate(films(in_turn), {.users = 1500, .events = 75'000, .seed = 21});
  REQUIRE(log.ok());
  std::vector<std::vector<std::uint32_t>> users(log->users.size());
  for (std::size_t row = 0; row < log->user.size(); ++row) {
    users[log->user[row]].push_back(
        static_cast<std::uint32_t>(std::stoul(log->items[log->item[row]].substr(1))));
  }
  return users;
}

/// A visitor whose taste is the vector of all that the simulated user took.
struct Visitor {
  std::vector<bool> likes;          ///< of each item: more than the others do, by a quarter of all
  std::vector<std::size_t> sought;  ///< the best items
};

std::vector<std::size_t> best_first(const std::vector<float>& scores) {
  std::vector<std::size_t> rows(scores.size());
  std::iota(rows.begin(), rows.end(), 0U);
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  return rows;
}

std::vector<Visitor> make_visitors(Recommender& recommender,
                                   std::span<const std::vector<std::uint32_t>> users,
                                   const std::vector<std::size_t>& row_of) {
  std::vector<ItemIndex> all;
  for (std::size_t row = 0; row < kItems; ++row) all.push_back(to_item(row));
  std::vector<std::vector<float>> scores;
  std::vector<float> mean(kItems);
  for (const std::vector<std::uint32_t>& user : users) {
    std::vector<Event> history;
    for (const std::uint32_t item : user) history.push_back({.item = to_item(row_of[item])});
    std::vector<float>& own = scores.emplace_back(kItems);
    REQUIRE(recommender.score(history, all, own).ok());
    for (std::size_t row = 0; row < kItems; ++row) {
      mean[row] += own[row] / static_cast<float>(users.size());
    }
  }
  std::vector<Visitor> visitors;
  for (std::vector<float>& own : scores) {
    Visitor& visitor = visitors.emplace_back();
    visitor.sought = best_first(own);
    visitor.sought.resize(40);
    for (std::size_t row = 0; row < kItems; ++row) own[row] -= mean[row];
    const std::vector<std::size_t> liked = best_first(own);
    visitor.likes.resize(kItems);
    for (const std::size_t row : std::span(liked).first(kItems / 4)) visitor.likes[row] = true;
  }
  return visitors;
}

/// Recall at 20 of what is sought, once the questions are answered by likes.
double recall_after(Recommender& recommender, std::span<const ItemIndex> asked,
                    const Visitor& visitor) {
  std::vector<Event> history;
  for (const ItemIndex item : asked) {
    if (visitor.likes[to_row(item)]) history.push_back({.item = item});
  }
  std::vector<Pick> picks(20);
  REQUIRE(recommender.recommend(history, {.exclude_seen = false}, picks).ok());
  double hits = 0;
  for (const Pick& pick : picks) {
    hits += static_cast<double>(
        std::count(visitor.sought.begin(), visitor.sought.end(), to_row(pick.item)));
  }
  return hits / static_cast<double>(visitor.sought.size());
}

TEST_CASE("Lists after a quiz recall more than lists after questions on random popular items") {
  const std::uint32_t in_turn = GENERATE(1, 10, 25);
  const std::vector<std::vector<std::uint32_t>> users = simulated_users(in_turn);
  const Sample sample = make_sample({users.begin(), users.begin() + kTrained}, kItems);
  const auto contents = train(sample.dataset, recipe_with("ials", {"ials.dimension=16"}), {});
  REQUIRE(contents.ok());
  const OpenedModel model(*contents);
  Result<Recommender> recommender = Recommender::create(*model);
  std::vector<Pick> questions(kQuestions);
  REQUIRE(*recommender->ask({}, {}, questions) == kQuestions);
  std::vector<ItemIndex> asked;
  for (const Pick& pick : questions) asked.push_back(pick.item);
  std::vector<ItemIndex> popular;
  for (std::size_t row = 0; row < 100; ++row) popular.push_back(to_item(row));

  const std::vector<Visitor> visitors =
      make_visitors(*recommender, std::span(users).subspan(kTrained), sample.row_of);
  const auto count = static_cast<double>(visitors.size());
  Random random(5);
  double recall = 0;
  double sum = 0;
  double squares = 0;
  for (const Visitor& visitor : visitors) {
    double by_chance = 0;
    for (int draw = 0; draw < 5; ++draw) {
      random.shuffle(std::span(popular));
      by_chance += recall_after(*recommender, std::span(popular).first(kQuestions), visitor) / 5;
    }
    const double gain = recall_after(*recommender, asked, visitor) - by_chance;
    recall += by_chance / count;
    sum += gain;
    squares += gain * gain;
  }
  const double mean = sum / count;
  const double error = std::sqrt((squares / count - mean * mean) / count);
  INFO("genres of " << in_turn << " items in turn: recall " << recall << ", with the quiz "
                    << recall + mean << ", 95 % interval of the gain " << mean - 1.96 * error
                    << " to " << mean + 1.96 * error);
  CHECK(mean > 1.96 * error);
}

}  // namespace ask_simulation_test
}  // namespace palate::testing
