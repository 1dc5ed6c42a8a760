// The regression that item-item weights solve.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "model/portable_math.h"
#include "train/item_item/item_item.h"

namespace palate::internal {
namespace {

/// Multiplies each user's row by f_u.
void damp_users(double damping, SparseRows& users) {
  double damped = 0;
  std::vector<double> squared(users.size());
  for (std::size_t user = 0; user < users.size(); ++user) {
    const auto length = static_cast<double>(users.count(user));
    if (length == 0) continue;
    squared[user] = portable_exp(-damping * portable_log(length));
    damped += squared[user] * length;
  }
  const double scale = static_cast<double>(users.columns.size()) / damped;
  for (std::size_t user = 0; user < users.size(); ++user) {
    const auto factor = static_cast<float>(std::sqrt(scale * squared[user]));
    for (std::size_t k = users.offsets[user]; k < users.offsets[user + 1]; ++k) {
      users.weights[k] *= factor;
    }
  }
}

}  // namespace

ItemRegression::ItemRegression(const Histories& histories, std::size_t items,
                               const ItemItemRecipe& recipe)
    : recipe_(recipe), users_(rows_of(histories)) {
  damp_users(recipe.user_damping, users_);
  items_ = transpose(users_, items);
  const double trace =
      std::transform_reduce(users_.weights.begin(), users_.weights.end(), 0.0, std::plus<>(),
                            [](float weight) { return double{weight} * weight; });
  ridge_ = recipe.regularization * std::sqrt(trace / static_cast<double>(items));
}

double ItemRegression::diagonal(std::size_t item) const {
  double squared = 0;
  for (std::size_t k = items_.offsets[item]; k < items_.offsets[item + 1]; ++k) {
    squared += double{items_.weights[k]} * items_.weights[k];
  }
  const double dropout = recipe_.dropout;
  return squared + ridge_ + dropout / (1 - dropout) * squared;
}

void ItemRegression::add_gramian_row(std::size_t item, std::size_t last, double* row) const {
  for (std::size_t k = items_.offsets[item]; k < items_.offsets[item + 1]; ++k) {
    const std::size_t user = items_.columns[k];
    const double weight = items_.weights[k];
    for (std::size_t n = users_.offsets[user]; n < users_.offsets[user + 1]; ++n) {
      if (users_.columns[n] > last) break;
      row[users_.columns[n]] += weight * users_.weights[n];
    }
  }
}

}  // namespace palate::internal
