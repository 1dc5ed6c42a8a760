// Small models and logs that the tests of the evaluation share.
#include "evaluate_samples.h"

#include <algorithm>
#include <catch_amalgamated.hpp>

#include "palate/random.h"

namespace palate::testing {
namespace {

std::uint32_t row_of(std::vector<std::string>& ids, const std::string& id) {
  const auto found = std::find(ids.begin(), ids.end(), id);
  const auto row = static_cast<std::uint32_t>(found - ids.begin());
  if (found == ids.end()) ids.push_back(id);
  return row;
}

}  // namespace

InteractionLog log_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
  InteractionLog log;
  for (const auto& [user, item] : pairs) {
    log.user.push_back(row_of(log.users, user));
    log.item.push_back(row_of(log.items, item));
  }
  return log;
}

ModelContents popularity_contents(std::size_t items) {
  ModelContents contents;
  for (std::size_t row = 0; row < items; ++row) {
    contents.catalogue.ids.push_back("i" + std::to_string(row));
    contents.catalogue.popularity.push_back(static_cast<std::uint32_t>(items - row));
  }
  contents.facts.recipe = "test";
  return contents;
}

ModelContents fold_in_contents(std::size_t items, std::uint32_t dimension) {
  ModelContents contents = popularity_contents(items);
  Random random(11);
  contents.dimension = dimension;
  for (std::size_t at = 0; at < items * dimension; ++at) {
    contents.item_vectors.push_back(static_cast<float>(random.normal()));
  }
  FoldIn& fold_in = contents.fold_in.emplace();
  fold_in.unobserved_weight = 0.1F;
  fold_in.regularization = 0.01F;
  fold_in.exponent = 1.0F;
  const auto& table = contents.item_vectors;
  for (std::size_t row = 0; row < dimension; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      double sum = 0;
      for (std::size_t item = 0; item < items; ++item) {
        sum +=
            static_cast<double>(table[item * dimension + row]) * table[item * dimension + column];
      }
      fold_in.gramian.push_back(static_cast<float>(sum));
    }
  }
  return contents;
}

OpenModel open_model(const ModelContents& contents) {
  auto bytes = write_model(contents);
  if (!bytes) FAIL(bytes.error().message);
  auto model = Model::open(*bytes);
  if (!model) FAIL(model.error().message);
  return {std::move(*bytes), std::move(*model)};
}

EvaluationReport evaluated(const Model& model, const InteractionLog& history,
                           const InteractionLog& test, const EvaluateOptions& options) {
  const auto report = evaluate(model, history, test, options);
  if (!report) FAIL(report.error().message);
  return *report;
}

}  // namespace palate::testing
