// What a model file says of its training.
#include "factor/facts.h"

#include <algorithm>
#include <string>

namespace palate::internal {

TrainingFacts facts_of(const Dataset& dataset) {
  const Histories& histories = dataset.histories;
  TrainingFacts facts;
  facts.users = histories.user_count();
  facts.interactions = histories.events.size();
  for (const Event& event : histories.events) {
    facts.newest_ms = std::max(facts.newest_ms, event.time_ms);
  }
  return facts;
}

void add_metric(ModelContents& contents, std::string_view name, double value) {
  contents.facts.metrics.push_back({std::string(name), value});
}

}  // namespace palate::internal
