// The evaluation against a second implementation: texts and sets, one list after the other.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "evaluate_samples.h"
#include "palate/evaluate.h"
#include "palate/random.h"
#include "palate/recommender.h"

namespace palate {
namespace evaluate_brute_force_test {

using Catch::Approx;
using Pairs = std::vector<std::pair<std::string, std::string>>;
using ItemSets = std::map<std::string, std::set<std::string>>;

constexpr std::size_t kItems = 40;

/// Rows of 25 users over the model's items and a few that it does not know.
Pairs drawn_pairs(std::uint64_t seed, std::size_t rows) {
  Random random(seed);
  Pairs pairs;
  for (std::size_t row = 0; row < rows; ++row) {
    pairs.emplace_back("u" + std::to_string(random.below(25)),
                       "i" + std::to_string(random.below(kItems + 6)));
  }
  return pairs;
}

ItemSets sets_of(const Pairs& pairs) {
  ItemSets sets;
  for (const auto& [user, item] : pairs) sets[user].insert(item);
  return sets;
}

/// All items of the catalogue, best first, by their scores one by one.
std::vector<std::string> ranking(const Model& model, const std::set<std::string>& seen) {
  auto recommender = Recommender::create(model);
  REQUIRE(recommender.ok());
  std::vector<Event> history;
  for (const std::string& id : seen) {
    if (const auto item = model.find(id)) history.push_back({.item = *item});
  }
  std::vector<ItemIndex> items;
  for (std::size_t row = 0; row < model.item_count(); ++row) items.push_back(to_item(row));
  std::vector<float> scores(items.size());
  REQUIRE(recommender->score(history, items, scores).ok());
  std::stable_sort(items.begin(), items.end(),
                   [&](ItemIndex a, ItemIndex b) { return scores[to_row(a)] > scores[to_row(b)]; });
  std::vector<std::string> ids;
  for (const ItemIndex item : items) ids.emplace_back(model.id(item));
  return ids;
}

struct Sums {
  double users = 0, recall = 0, precision = 0, hit_rate = 0, ndcg = 0, mrr = 0, map = 0;
  double lists = 0, self_information = 0, popularity = 0;
  std::map<std::string, double> shown;  ///< item -> in how many lists
};

/// Of the models' items "i0", "i1", ..., which have kItems, kItems - 1, ... interactions.
double popularity_of(const std::string& id) { return kItems - std::stod(id.substr(1)); }

/// What the first k of a list are made of, whatever they hit.
void add_list(Sums& sums, const std::vector<std::string>& list, std::size_t k) {
  const std::size_t length = std::min(k, list.size());
  double self_information = 0;
  double popularity = 0;
  for (std::size_t at = 0; at < length; ++at) {
    ++sums.shown[list[at]];
    self_information += -std::log2(popularity_of(list[at]) / (kItems * (kItems + 1) / 2.0));
    popularity += popularity_of(list[at]);
  }
  sums.lists += 1;
  sums.self_information += self_information / static_cast<double>(length);
  sums.popularity += popularity / static_cast<double>(length);
}

/// The area between the Lorenz curve of the exposure and the line of equality, doubled.
double gini(const std::map<std::string, double>& shown) {
  std::vector<double> amounts(kItems - shown.size(), 0.0);
  for (const auto& [id, count] : shown) amounts.push_back(count);
  std::sort(amounts.begin(), amounts.end());
  double whole = 0;
  for (const double amount : amounts) whole += amount;
  double area = 0;
  double below = 0;
  for (const double amount : amounts) {
    area += (below + amount / 2) / whole / kItems;
    below += amount;
  }
  return 1 - 2 * area;
}

void add_user(Sums& sums, const std::vector<std::string>& list,
              const std::set<std::string>& held_out, std::size_t k) {
  double hits = 0, gain = 0, ideal = 0, first = 0, precisions = 0;
  for (std::size_t at = 0; at < std::min(k, list.size()); ++at) {
    if (held_out.count(list[at]) == 0) continue;
    ++hits;
    gain += 1 / std::log2(static_cast<double>(at) + 2);
    if (first == 0) first = 1.0 / (static_cast<double>(at) + 1);
    precisions += hits / (static_cast<double>(at) + 1);
  }
  const auto possible = static_cast<double>(std::min(k, held_out.size()));
  for (double at = 0; at < possible; ++at) ideal += 1 / std::log2(at + 2);
  sums.users += 1;
  sums.recall += hits / static_cast<double>(held_out.size());
  sums.precision += hits / static_cast<double>(k);
  sums.hit_rate += hits > 0 ? 1 : 0;
  sums.ndcg += gain / ideal;
  sums.mrr += first;
  sums.map += precisions / possible;
}

Sums brute_force(const Model& model, const Pairs& history, const Pairs& test, bool include_seen,
                 std::size_t k) {
  ItemSets seen = sets_of(history);
  Sums sums;
  for (auto [user, held_out] : sets_of(test)) {
    std::vector<std::string> list = ranking(model, seen[user]);
    if (!include_seen) {
      for (const std::string& id : seen[user]) {
        held_out.erase(id);
        std::erase(list, id);
      }
    }
    if (held_out.empty()) continue;
    add_user(sums, list, held_out, k);
    add_list(sums, list, k);
  }
  return sums;
}

void check_same(const CutOffReport& report, const Sums& sums) {
  const RankingMetrics& metrics = report.ranking;
  const auto is_mean = [&](double mean, double sum) {
    return mean == Approx(sum / sums.users).epsilon(1e-12).margin(1e-12);
  };
  CHECK(is_mean(metrics.recall, sums.recall));
  CHECK(is_mean(metrics.precision, sums.precision));
  CHECK(is_mean(metrics.hit_rate, sums.hit_rate));
  CHECK(is_mean(metrics.ndcg, sums.ndcg));
  CHECK(is_mean(metrics.mrr, sums.mrr));
  CHECK(is_mean(metrics.map, sums.map));
  CHECK(report.lists.coverage == Approx(static_cast<double>(sums.shown.size()) / kItems));
  CHECK(report.lists.novelty == Approx(sums.self_information / sums.lists));
  CHECK(report.lists.popularity == Approx(sums.popularity / sums.lists));
  CHECK(report.lists.gini == Approx(gini(sums.shown)).margin(1e-12));
}

TEST_CASE("Evaluation agrees with a second implementation on drawn logs") {
  const auto [bytes, model] = testing::open_model(testing::fold_in_contents(kItems, 5));
  const bool include_seen = GENERATE(false, true);
  const std::uint64_t seed = GENERATE(1, 2, 3);
  const Pairs history = drawn_pairs(seed, 150);
  const Pairs test = drawn_pairs(seed + 100, 90);
  const EvaluateOptions options{.ks = {1, 5, 10, 100}, .include_seen = include_seen};
  const auto report = evaluate(model, testing::log_of(history), testing::log_of(test), options);
  REQUIRE(report.ok());
  for (std::size_t at = 0; at < options.ks.size(); ++at) {
    const Sums sums = brute_force(model, history, test, include_seen, options.ks[at]);
    CHECK(static_cast<double>(report->users) == sums.users);
    check_same(report->model[at], sums);
  }
}

TEST_CASE("The report is the same, bit for bit, with any number of threads") {
  ModelContents contents = testing::fold_in_contents(kItems, 5);
  Random random(3);
  Ranker& ranker = contents.ranker.emplace();
  ranker.layers.push_back({10, 1, {}, {0.1F}});
  for (int at = 0; at < 10; ++at) {
    ranker.layers[0].weights.push_back(static_cast<float>(random.normal()));
  }
  ranker.candidates = 20;
  const auto [bytes, model] = testing::open_model(contents);
  const auto history = testing::log_of(drawn_pairs(5, 150));
  const auto test = testing::log_of(drawn_pairs(6, 90));
  const auto one = evaluate(model, history, test, {.threads = 1});
  REQUIRE(one.ok());
  for (const unsigned threads : {2U, 4U, 64U}) {
    const auto many = evaluate(model, history, test, {.threads = threads});
    REQUIRE(many.ok());
    CHECK(many->model[1].ranking.ndcg == one->model[1].ranking.ndcg);
    CHECK(many->model[1].ranking.recall == one->model[1].ranking.recall);
    CHECK(many->model[1].intervals->ndcg.low == one->model[1].intervals->ndcg.low);
    CHECK(many->model[1].intervals->ndcg.high == one->model[1].intervals->ndcg.high);
    CHECK(many->model[1].lists.diversity == one->model[1].lists.diversity);
    CHECK(many->model[1].lists.gini == one->model[1].lists.gini);
    CHECK(many->model[1].lists.coverage == one->model[1].lists.coverage);
    CHECK(many->popularity[1].ranking.ndcg == one->popularity[1].ranking.ndcg);
    CHECK(many->classification->auc == one->classification->auc);
    CHECK(many->classification->log_loss == one->classification->log_loss);
  }
}

}  // namespace evaluate_brute_force_test
}  // namespace palate
