// Recommenders over sample models, asked as several tests ask them.
#ifndef PALATE_TESTS_RECOMMENDERS_H_
#define PALATE_TESTS_RECOMMENDERS_H_

#include <span>
#include <vector>

#include "palate/model_writer.h"
#include "palate/recommender.h"
#include "palate/types.h"
#include "runtime_reference.h"

namespace palate::testing {

/// Fails the test where there is none.
Recommender recommender_for(const Model& model);

std::vector<float> user_vector(const ModelContents& contents, std::span<const Event> history);

/// Checks that a ranker lists all its candidates with the logits of a user vector, and that their
/// reasons sum to these; returns their largest remainder.
double check_candidates(const ModelContents& contents, std::span<const Event> history,
                        const Vector& user_vector, double tolerance);

}  // namespace palate::testing

#endif  // PALATE_TESTS_RECOMMENDERS_H_
