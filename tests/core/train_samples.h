// Small logs with a known structure and what is trained from them, for the trainer's tests.
#ifndef PALATE_TESTS_CORE_TRAIN_SAMPLES_H_
#define PALATE_TESTS_CORE_TRAIN_SAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "palate/dataset.h"
#include "palate/model_writer.h"
#include "palate/recipe.h"

namespace palate::testing {

/// A dataset from user -> items; items are named i0, i1, ... and ordered by popularity as the data
/// part orders them. `row_of` gives the row of item number n.
struct Sample {
  Dataset dataset;
  std::vector<std::size_t> row_of;
};
Sample make_sample(const std::vector<std::vector<std::uint32_t>>& users, std::size_t items);

/// `users` users, each with `history` distinct items out of `items`, drawn at random.
std::vector<std::vector<std::uint32_t>> random_users(std::size_t users, std::size_t items,
                                                     std::size_t history, std::uint64_t seed);

/// A built-in recipe with overrides; fails the test when it is refused.
Recipe recipe_with(const std::string& name, const std::vector<std::string>& overrides);

/// Of the model's lists of k for the held-out items; fails the test where they cannot be had.
double recall_at(std::uint32_t k, const ModelContents& contents, const Split& parts);

/// The item weights that a recipe trains; fails the test when there are none.
ItemWeights trained_weights(const Dataset& dataset, const Recipe& recipe);

using Matrix = std::vector<std::vector<double>>;

/// Item weights with their zeros, items x items.
Matrix dense(const ItemWeights& weights);

}  // namespace palate::testing

#endif  // PALATE_TESTS_CORE_TRAIN_SAMPLES_H_
