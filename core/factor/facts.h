// What a model file says of its training.
#ifndef PALATE_FACTOR_FACTS_H_
#define PALATE_FACTOR_FACTS_H_

#include <string_view>

#include "palate/interactions.h"
#include "palate/model_writer.h"

namespace palate::internal {

/// What the dataset tells: users, interactions, and the newest one's time.
TrainingFacts facts_of(const Dataset& dataset);

void add_metric(ModelContents& contents, std::string_view name, double value);

}  // namespace palate::internal

#endif  // PALATE_FACTOR_FACTS_H_
