// All test users through the shipped runtime, on all threads.
#include "evaluate/user_pass.h"

#include <utility>

#include "evaluate/stage.h"

namespace palate::internal {
namespace {

Result<std::vector<UserEvaluator>> make_evaluators(const Model& model, const ItemTraits& traits,
                                                   const EvaluateOptions& options,
                                                   std::size_t count) {
  std::vector<UserEvaluator> evaluators;
  for (std::size_t worker = 0; worker < count; ++worker) {
    Result<UserEvaluator> evaluator = UserEvaluator::create(model, traits, options);
    if (!evaluator) return evaluator.error();
    evaluators.push_back(std::move(*evaluator));
  }
  return evaluators;
}

}  // namespace

Result<UserPass> evaluate_users(const Model& model, const ItemTraits& traits, TestUsers tested,
                                const EvaluateOptions& options, std::string_view stage_name) {
  const std::size_t users = tested.users.size();
  ThreadPool pool(options.threads, users);
  auto evaluators = make_evaluators(model, traits, options, pool.size());
  if (!evaluators) return evaluators.error();
  UserPass pass{std::move(tested), std::vector<UserOutcome>(users),
                Exposure(model.item_count(), options.ks), Exposure(model.item_count(), options.ks)};
  const std::vector<CellsView> context = views_of(pass.tested.context);
  Stage stage(options.progress, stage_name, users, "user");
  const Status status = pool.try_each_chunk(users, 1, [&](const Chunk& chunk) -> Status {
    const std::size_t user = chunk.begin;
    auto outcome = (*evaluators)[chunk.worker].evaluate(pass.tested.users[user], user, context);
    if (!outcome) return outcome.error();
    pass.outcomes[user] = std::move(*outcome);
    stage.advance(chunk.worker);
    return Done{};
  });
  if (!status) return status.error();
  stage.end();
  for (const UserEvaluator& evaluator : *evaluators) {
    pass.model_exposure.merge(evaluator.model_exposure());
    pass.popularity_exposure.merge(evaluator.popularity_exposure());
  }
  return pass;
}

}  // namespace palate::internal
