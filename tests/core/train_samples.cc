// Small logs with a known structure and what is trained from them, for the trainer's tests.
#include "train_samples.h"

#include <catch_amalgamated.hpp>
#include <numeric>
#include <span>
#include <utility>

#include "palate/evaluate.h"
#include "palate/random.h"
#include "palate/train.h"
#include "sample_models.h"

namespace palate::testing {

Sample make_sample(const std::vector<std::vector<std::uint32_t>>& users, std::size_t items) {
  InteractionLog log;
  for (std::size_t item = 0; item < items; ++item) log.items.push_back("i" + std::to_string(item));
  for (std::size_t user = 0; user < users.size(); ++user) {
    log.users.push_back("u" + std::to_string(user));
    for (const std::uint32_t item : users[user]) {
      log.user.push_back(static_cast<std::uint32_t>(user));
      log.item.push_back(item);
    }
  }
  JoinReport report;
  Sample sample{make_dataset(log, {}, report), std::vector<std::size_t>(items)};
  const std::vector<std::string>& ids = sample.dataset.catalogue.ids;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    sample.row_of[std::stoul(ids[row].substr(1))] = row;
  }
  return sample;
}

std::vector<std::vector<std::uint32_t>> random_users(std::size_t users, std::size_t items,
                                                     std::size_t history, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint32_t> all(items);
  std::iota(all.begin(), all.end(), 0U);
  std::vector<std::vector<std::uint32_t>> result;
  for (std::size_t user = 0; user < users; ++user) {
    random.shuffle(std::span(all));
    result.emplace_back(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(history));
  }
  return result;
}

Recipe recipe_with(const std::string& name, const std::vector<std::string>& overrides) {
  Result<Recipe> recipe = load_recipe(name, overrides);
  if (!recipe.ok()) FAIL(recipe.error().message);
  return *recipe;
}

double recall_at(std::uint32_t k, const ModelContents& contents, const Split& parts) {
  const OpenedModel model(contents);
  EvaluateOptions options;
  options.ks = {k};
  options.resamples = 0;
  const Result<EvaluationReport> report = evaluate(*model, parts.history, parts.test, options);
  if (!report) FAIL(report.error().message);
  return report->model.front().ranking.recall;
}

ItemWeights trained_weights(const Dataset& dataset, const Recipe& recipe) {
  Result<ModelContents> contents = train(dataset, recipe, {});
  if (!contents.ok()) FAIL(contents.error().message);
  REQUIRE(contents->item_weights.has_value());
  return std::move(*contents->item_weights);
}

Matrix dense(const ItemWeights& weights) {
  const std::size_t items = weights.offsets.size() - 1;
  Matrix matrix(items, std::vector<double>(items));
  for (std::size_t row = 0; row < items; ++row) {
    for (std::uint32_t k = weights.offsets[row]; k < weights.offsets[row + 1]; ++k) {
      matrix[row][weights.columns[k]] = weights.values[k];
    }
  }
  return matrix;
}

}  // namespace palate::testing
