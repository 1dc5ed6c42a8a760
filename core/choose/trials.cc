// Trials: how well recipes do on a part of a log.
#include "choose/trials.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

#include "palate/evaluate.h"
#include "palate/model_writer.h"
#include "palate/random.h"
#include "palate/train.h"

namespace palate::internal {
namespace {

constexpr std::uint32_t kListLength = 20;
/// Of the first hold-out; each further one takes so much more.
constexpr double kNewestShare = 0.1;
constexpr std::uint64_t kMostRounds = 4;

/// Streams of the seed; the last two of each round.
enum Stream : std::uint64_t { kUsers = 1, kRows = 2, kTested = 2 + kMostRounds };

std::vector<std::size_t> in_random_order(std::size_t count, Random random) {
  std::vector<std::size_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  random.shuffle(std::span(numbers));
  return numbers;
}

/// The rows for which `is_wanted(row)`, in the given order.
template <class Wanted>
InteractionLog rows_where(const InteractionLog& log, std::span<const std::size_t> rows,
                          Wanted is_wanted) {
  InteractionLog part = log.without_rows();
  part.users = log.users;
  part.items = log.items;
  for (const std::size_t row : rows) {
    if (is_wanted(row)) part.append(log, row, log.user[row], log.item[row]);
  }
  return part;
}

/// All rows of as many users, drawn at random, as have `most` rows together.
InteractionLog sample_of_users(const InteractionLog& log, std::size_t most, std::uint64_t seed) {
  std::vector<std::size_t> counts(log.users.size(), 0);
  for (const std::uint32_t user : log.user) ++counts[user];
  std::vector<char> is_taken(log.users.size(), 0);
  std::size_t taken = 0;
  for (const std::size_t user : in_random_order(log.users.size(), Random(seed, kUsers))) {
    if (taken > 0 && taken + counts[user] > most) break;
    taken += counts[user];
    is_taken[user] = 1;
  }
  std::vector<std::size_t> rows(log.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows_where(log, rows, [&](std::size_t row) { return is_taken[log.user[row]] != 0; });
}

Result<Split> hold_out(const InteractionLog& log, Held held, std::uint64_t seed,
                       std::uint64_t round) {
  if (held == Held::kNewest) {
    const double share = kNewestShare * static_cast<double>(round + 1);
    return split(log, {.protocol = Protocol::kTimeSplit, .share = share});
  }
  if (held == Held::kLast) return split(log, {.protocol = Protocol::kLeaveLastOut});
  // With the rows in random order the last of a user is any of his.
  const std::vector<std::size_t> rows = in_random_order(log.size(), Random(seed, kRows + round));
  return split(rows_where(log, rows, [](std::size_t) { return true; }),
               {.protocol = Protocol::kLeaveLastOut});
}

/// Only `most` of the users, drawn at random, stay in the test. How many there are.
std::size_t limit_test(Split& parts, std::size_t most, Random random) {
  std::vector<char> is_tested(parts.test.users.size(), 0);
  for (const std::uint32_t user : parts.test.user) is_tested[user] = 1;
  std::size_t tested = 0;
  for (const std::size_t user : in_random_order(is_tested.size(), random)) {
    if (is_tested[user] == 0) continue;
    if (tested == most) is_tested[user] = 0;
    tested += tested < most ? 1 : 0;
  }
  std::vector<std::size_t> rows(parts.test.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  parts.test = rows_where(parts.test, rows,
                          [&](std::size_t row) { return is_tested[parts.test.user[row]] != 0; });
  return tested;
}

/// What the recipes are tried on: one hold-out where it has enough users for a test, else some that
/// differ, since what one of them says of a few users is mostly chance.
Result<std::vector<Split>> make_rounds(const InteractionLog& log, Held held, std::size_t users,
                                       std::uint64_t seed) {
  const std::uint64_t most = held == Held::kLast ? 1 : kMostRounds;
  std::vector<Split> rounds;
  std::size_t tested = 0;
  for (std::uint64_t round = 0; round < most && tested < users; ++round) {
    Result<Split> parts = hold_out(log, held, seed, round);
    if (!parts) return parts.error();
    tested += limit_test(*parts, users - tested, Random(seed, kTested + round));
    rounds.push_back(std::move(*parts));
  }
  return rounds;
}

}  // namespace

Result<TrialGround> TrialGround::prepare(const InteractionLog& log, const Catalogue& items,
                                         Held held, const Recipe& automatic,
                                         const ChooseOptions& options) {
  const AutoRecipe& limits = automatic.automatic;
  Result<std::vector<Split>> rounds = make_rounds(
      sample_of_users(log, limits.interactions, options.seed), held, limits.users, options.seed);
  if (!rounds) return rounds.error();
  return TrialGround(std::move(*rounds), items, automatic.data.repeats, options);
}

Result<RankingMetrics> TrialGround::measure(const Recipe& recipe, const Split& parts) const {
  JoinReport joined;
  TrainOptions training;
  training.seed = options_->seed;
  training.threads = options_->threads;
  const Result<ModelContents> contents =
      train(make_dataset(parts.train, *items_, joined), recipe, training);
  if (!contents) return contents.error();
  const Result<std::vector<std::byte>> written = write_model(*contents);
  if (!written) return written.error();
  const Result<FileBytes> bytes = FileBytes::copy_of(*written);
  if (!bytes) return bytes.error();
  const Result<Model> model = Model::open(bytes->bytes());
  if (!model) return model.error();
  EvaluateOptions evaluation;
  evaluation.ks = {kListLength};
  evaluation.include_seen = repeats_;
  evaluation.threads = options_->threads;
  evaluation.resamples = 0;
  evaluation.seed = options_->seed;
  const Result<EvaluationReport> report = evaluate(*model, parts.history, parts.test, evaluation);
  if (!report) return report.error();
  return report->model.front().ranking;
}

Result<std::vector<Trial>> TrialGround::try_all(std::string_view stage,
                                                const std::vector<Candidate>& candidates) const {
  std::vector<Trial> trials;
  for (const Candidate& candidate : candidates) {
    const Result<Recipe> recipe = load_recipe(candidate.recipe, candidate.overrides);
    if (!recipe) return recipe.error();
    Trial trial{candidate.recipe};
    for (const Split& parts : rounds_) {
      const Result<RankingMetrics> measured = measure(*recipe, parts);
      if (!measured) return measured.error();
      trial.ndcg += measured->ndcg / static_cast<double>(rounds_.size());
      trial.recall += measured->recall / static_cast<double>(rounds_.size());
    }
    if (options_->progress) {
      options_->progress({stage, trials.size() + 1, candidates.size(), "recipe",
                          trial.recipe + " ndcg@20", trial.ndcg});
    }
    trials.push_back(std::move(trial));
  }
  std::ranges::stable_sort(trials, std::ranges::greater(), &Trial::worth);
  return trials;
}

}  // namespace palate::internal
