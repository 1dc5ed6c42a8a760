// The visits that a ranker is trained and judged on, with columns as its network sees them.
#ifndef PALATE_TRAIN_RANKER_RANKER_EXAMPLES_H_
#define PALATE_TRAIN_RANKER_RANKER_EXAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/random.h"
#include "palate/recipe.h"
#include "train/ranker/features.h"
#include "train/ranker/ranker_trainer.h"
#include "train/ranker/training_context.h"
#include "train/ranker/visits.h"

namespace palate::internal {

/// Draws the visits, brings every column to a size of 1 and notes in the features how.
class RankerExamples {
 public:
  /// Fails where the retrieval model cannot be run.
  static Result<RankerExamples> draw(const RankerInputs& inputs, const RankerRecipe& recipe,
                                     std::uint64_t seed);

  const VisitSet& training() const { return training_; }
  const VisitSet& validation() const { return validation_; }
  const std::vector<FeatureView>& features() const { return features_; }
  const TrainingContext& context() const { return context_; }

  /// Of a row: [user vector, item vector, features], or the features alone.
  std::size_t input_size() const { return first_feature() + features_.size(); }
  std::size_t first_feature() const { return 2 * training_.dimension; }
  /// The features that are scores of retrievers, that of the encoder first.
  std::span<const std::size_t> scores() const { return score_features_; }
  /// What the vectors' numbers are multiplied with, one for each that a row has.
  std::vector<float> vector_scales() const;

  /// One row for each of the examples `chosen` of a visit, whose context is known or not.
  std::vector<float> rows(const VisitSet& set, std::size_t visit,
                          std::span<const std::size_t> chosen, bool knows_context) const;

  /// The column of a feature of the visitor, for all examples of the set.
  std::vector<float> column(const VisitSet& set, std::size_t feature) const;

  /// Up to `max_targets` targets of a training visit and, for each, `negatives` other candidates,
  /// drawn in proportion to (1 + popularity)^popularity_correction. Where they are drawn by q, the
  /// logit that is learned tends to log p(item | visitor) - log q(item): what is liked because
  /// everybody likes it counts for less (Mikolov et al. 2013; Bengio, Senecal 2008).
  std::vector<std::size_t> sample(std::size_t visit, Random random) const;

 private:
  RankerExamples(const RankerInputs& inputs, const RankerRecipe& recipe)
      : recipe_(&recipe),
        item_vectors_(inputs.retrieval.item_vectors),
        context_(inputs.context, recipe) {}

  void choose_features(const RankerInputs& inputs);
  Status draw_visits(const RankerInputs& inputs, std::uint64_t seed);
  void scale_columns(const ModelContents& retrieval);
  void scale_score(FeatureView& feature, bool hinged, std::size_t column);
  void apply(const FeatureView& feature, std::size_t column, VisitSet& set) const;

  const RankerRecipe* recipe_;
  std::span<const float> item_vectors_;
  TrainingContext context_;
  ItemStatistics statistics_;  ///< had the targets not been: a target must not count itself
  std::vector<FeatureView> features_;
  std::vector<std::size_t> visitor_features_;  ///< the feature of each of the sets' columns
  std::vector<std::size_t> score_features_;
  std::vector<float> table_;     ///< items x features: those of the item alone
  std::vector<double> chances_;  ///< one an item, to be drawn as another candidate
  VisitSet training_;
  VisitSet validation_;
  float user_scale_ = 1;
  float item_scale_ = 1;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_RANKER_EXAMPLES_H_
