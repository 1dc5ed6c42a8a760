// The context of the events that a ranker learns from.
#ifndef PALATE_TRAIN_RANKER_TRAINING_CONTEXT_H_
#define PALATE_TRAIN_RANKER_TRAINING_CONTEXT_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "palate/examples.h"
#include "palate/model_writer.h"
#include "palate/recipe.h"

namespace palate::internal {

/// Scales and vocabularies of the columns, learned from all events, and their cells.
class TrainingContext {
 public:
  TrainingContext() = default;
  /// `log`: columns with a cell an event; none, or not wanted by the recipe: no context.
  TrainingContext(std::span<const Attribute> log, const RankerRecipe& recipe);

  bool empty() const { return columns_.empty(); }
  const std::vector<TabularColumn>& columns() const { return columns_; }
  const std::vector<std::string>& left_out() const { return left_out_; }

  /// Writes the columns of the features of the context, as the runtime does for a visit in which
  /// this event came about; leaves the others alone.
  void write(std::span<const FeatureView> features, std::size_t event,
             std::span<float> columns) const;

 private:
  std::vector<TabularColumn> columns_;
  std::vector<EncodedColumn> cells_;
  std::vector<std::string> left_out_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_TRAINING_CONTEXT_H_
