// All test users through the shipped runtime, on all threads.
#ifndef PALATE_EVALUATE_USER_PASS_H_
#define PALATE_EVALUATE_USER_PASS_H_

#include <string_view>
#include <vector>

#include "data/parallel.h"
#include "evaluate/exposure.h"
#include "evaluate/item_traits.h"
#include "evaluate/test_users.h"
#include "evaluate/user_evaluator.h"
#include "palate/evaluate.h"

namespace palate::internal {

/// What the threads bring home: one outcome a user, in the order of the users.
struct UserPass {
  TestUsers tested;
  std::vector<UserOutcome> outcomes;
  Exposure model_exposure;
  Exposure popularity_exposure;
};

/// Needs a user. `stage` names the pass to whoever waits.
Result<UserPass> evaluate_users(const Model& model, const ItemTraits& traits, TestUsers tested,
                                const EvaluateOptions& options, std::string_view stage);

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_USER_PASS_H_
