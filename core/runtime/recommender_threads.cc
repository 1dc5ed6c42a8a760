// A recommender that shares its passes out.
#include "palate/recommender.h"
#include "palate/threads.h"
#include "runtime/recommender_state.h"
#include "runtime/shared_top_k.h"

namespace palate {

bool Recommender::set_threads(Threads* threads) {
  internal::VectorRetrieval* vectors = state_->retrievers ? state_->retrievers->vectors() : nullptr;
  if (vectors == nullptr) return false;
  vectors->share(threads != nullptr ? &threads->crew() : nullptr, internal::shared_top_k);
  return internal::is_worth_sharing(state_->model->item_vectors());
}

}  // namespace palate
