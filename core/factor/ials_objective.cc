// The numbers of the iALS objective for one log.
#include "factor/ials_objective.h"

#include <cassert>
#include <cmath>
#include <vector>

#include "model/portable_math.h"

namespace palate::internal {

float IalsObjective::ridge(std::size_t count, std::size_t others) const {
  const double pairs = static_cast<double>(count) +
                       static_cast<double>(unobserved_weight) * static_cast<double>(others);
  return static_cast<float>(regularization * portable_exp(exponent * portable_log(pairs)));
}

IalsObjective objective_of(const IalsRecipe& recipe, const Dataset& dataset) {
  assert(!dataset.histories.events.empty());
  std::vector<bool> touched(dataset.catalogue.ids.size());
  double items = 0;
  for (const Event& event : dataset.histories.events) {
    if (touched[to_row(event.item)]) continue;
    touched[to_row(event.item)] = true;
    ++items;
  }
  const auto users = static_cast<double>(dataset.histories.user_count());
  const auto interactions = static_cast<double>(dataset.histories.events.size());
  const double noise = std::sqrt(users / interactions) + std::sqrt(items / interactions);
  return {static_cast<float>(recipe.unobserved_ratio * interactions / (users * items)),
          static_cast<float>(recipe.regularization * noise), recipe.exponent};
}

}  // namespace palate::internal
