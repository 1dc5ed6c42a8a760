// The numbers of the iALS objective for one log.
#ifndef PALATE_FACTOR_IALS_OBJECTIVE_H_
#define PALATE_FACTOR_IALS_OBJECTIVE_H_

#include <cstddef>

#include "palate/factor.h"
#include "palate/interactions.h"

namespace palate::internal {

/// What the model file keeps of the objective, see `FoldInView`.
struct IalsObjective {
  float unobserved_weight = 0;  ///< of one pair of a user and an item
  float regularization = 0;
  float exponent = 0;

  /// regularization * (count + unobserved_weight * others)^exponent: the regularisation of one user
  /// with `count` items out of `others`, or of one item with `count` users (Rendle et al. 2022,
  /// section 3).
  float ridge(std::size_t count, std::size_t others) const;
};

/// The recipe's relative numbers in those of a log with n interactions of U users and I items:
///   unobserved_weight = unobserved_ratio * n / (U I), so that all pairs together weigh
///   `unobserved_ratio` times what the touched ones do;
///   regularization = recipe.regularization * (1 / sqrt(n / U) + 1 / sqrt(n / I)), the largest
///   singular value that chance leaves in a table of such rows and columns, each scaled to length 1
///   (Bai, Yin 1993): what is smaller than that tells nothing.
/// Items that nobody touched are not counted.
IalsObjective objective_of(const IalsRecipe& recipe, const Dataset& dataset);

}  // namespace palate::internal

#endif  // PALATE_FACTOR_IALS_OBJECTIVE_H_
