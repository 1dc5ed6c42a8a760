// Biased factorisation of values, with the visitors integrated out.
#ifndef PALATE_TRAIN_RATING_RATING_FACTORS_H_
#define PALATE_TRAIN_RATING_RATING_FACTORS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "palate/model_writer.h"
#include "palate/recipe.h"
#include "train/checkpoint.h"
#include "train/kernels/kernels.h"
#include "train/rating/incidence_prior.h"
#include "train/rating/ratings.h"
#include "train/warm_start.h"

namespace palate::internal {

/// Expectation maximisation of the linear Gaussian model behind `ValueFoldInView`:
///   value_ui = mean + item_bias_i + u . h_i + noise,  u ~ N(|S|^-1/2 sum_{j in S} y_j, I),
/// with S what the visitor touched and the last number of all h_i the same, so that the last one of
/// u is the visitor's own bias: probabilistic principal components of a table with gaps (Roweis
/// 1998; Tipping, Bishop 1999) with the prior of SVD++ (Koren 2008). The expectation is the fold-in
/// of the runtime, the noise its regularization, and beside it the covariance: the items are fitted
/// to both, so nothing is learned from what is not known of a visitor. Items have a prior of the
/// same form, from who touched them at all: what few values leave open about an item, its audience
/// tells (both directions: Rendle, Zhang, Koren 2019, "On the Difficulty of Evaluating Baselines").
/// Borrows all it is given.
class RatingFactors {
 public:
  RatingFactors(const Ratings& ratings, const ValueHead& baseline, const Recipe& recipe,
                const Kernels& kernels, ThreadPool& pool, std::uint64_t seed);

  /// One round: visitors, implicit part, items. Returns the standard deviation of the noise.
  double run_epoch();

  std::uint32_t epochs() const { return epochs_; }  ///< that ran

  /// What a checkpoint keeps of it.
  StateParts state();

  /// The items that an older model holds too start where it left them. Its encoder is a value
  /// fold-in of the same dimension.
  void start_from(const Model& model, std::span<const KnownItem> known);

  /// Goes on where the rounds of others, over the same items, have come to.
  void continue_from(const RatingFactors& others);

  /// Folds everybody in: users x dimension.
  std::span<const float> solve_users();

  double noise() const { return noise_; }  ///< its variance, the regularization of the fold-in
  std::vector<float>& item_vectors() { return item_vectors_; }
  std::vector<float>& item_bias() { return item_bias_; }
  std::vector<float>& implicit_vectors() { return visitor_prior_.vectors(); }

 private:
  /// What the values of some users are off by, squared and expected.
  struct Error {
    double squared = 0;
    double weight = 0;
  };

  double expect_users();
  void expect_user(std::size_t user, Error& error);
  void solve_items();
  void solve_item(std::size_t item);
  std::vector<float> vectors_with_bias() const;
  void scale_to_prior();
  std::vector<double> moment_around_priors();
  void add_moment_around_prior(std::size_t user, std::span<double> triangle) const;

  const Ratings& ratings_;
  const RatingRecipe& recipe_;
  const double bias_ridge_;
  ThreadPool& pool_;
  const std::size_t dimension_;
  const double mean_;
  double noise_ = 0;
  IncidencePrior visitor_prior_;  ///< of user vectors, from the items
  IncidencePrior item_prior_;  ///< of item vectors with the bias in the last place, from the users
  std::uint32_t epochs_ = 0;
  std::vector<float> item_vectors_;
  std::vector<float> item_bias_;
  std::vector<float> user_priors_;   ///< users x dimension
  std::vector<float> item_priors_;   ///< items x dimension
  std::vector<float> user_vectors_;  ///< users x dimension
  std::vector<float> moments_;       ///< E u u' of each user: lower triangle, row after row
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RATING_RATING_FACTORS_H_
