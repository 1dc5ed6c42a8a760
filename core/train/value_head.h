// Trains the prediction of values (ratings), where the log has them.
#ifndef PALATE_TRAIN_VALUE_HEAD_H_
#define PALATE_TRAIN_VALUE_HEAD_H_

#include <cstdint>

#include "palate/dataset.h"
#include "palate/model_writer.h"
#include "palate/recipe.h"
#include "train/ials/user_solver.h"
#include "train/parallel.h"
#include "train/sparse_rows.h"

namespace palate::internal {

/// The terms of `ValueHeadView` but the slope: mean, damped item biases, and the range of the
/// values. The dataset must hold a value.
ValueHead train_biases(const Dataset& dataset, const ValuesRecipe& recipe);

/// What the fit of the slope saw.
struct SlopeFit {
  double rmse = 0;  ///< of the held-out values, with the slope
  std::uint64_t count = 0;
};

/// Fits the slope by least squares: a fifth of each user's valued events is held out, the user
/// vector and the visitor bias are taken from the rest, and the item's bias without the event.
SlopeFit fit_slope(const Dataset& dataset, const UserSolver& solver,
                   std::span<const float> item_vectors, const ValuesRecipe& recipe,
                   std::uint64_t seed, ThreadPool& pool, ValueHead& head);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_VALUE_HEAD_H_
