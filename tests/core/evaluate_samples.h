// Small models and logs that the tests of the evaluation share.
#ifndef PALATE_TESTS_EVALUATE_SAMPLES_H_
#define PALATE_TESTS_EVALUATE_SAMPLES_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "palate/dataset.h"
#include "palate/evaluate.h"
#include "palate/model.h"
#include "palate/model_writer.h"

namespace palate::testing {

/// A log of user-item pairs without values or times.
InteractionLog log_of(const std::vector<std::pair<std::string, std::string>>& pairs);

/// Items "i0", "i1", ... in order of popularity, ranked by popularity.
ModelContents popularity_contents(std::size_t items);

/// The same items with drawn vectors and a fold-in encoder.
ModelContents fold_in_contents(std::size_t items, std::uint32_t dimension);

/// A model and the bytes that it is mapped onto.
struct OpenModel {
  std::vector<std::byte> bytes;
  Model model;
};
OpenModel open_model(const ModelContents& contents);

/// The report of an evaluation; fails the test when it is refused.
EvaluationReport evaluated(const Model& model, const InteractionLog& history,
                           const InteractionLog& test, const EvaluateOptions& options);

}  // namespace palate::testing

#endif  // PALATE_TESTS_EVALUATE_SAMPLES_H_
