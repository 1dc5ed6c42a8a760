// The runtime's formulas once more, in plain double precision: what tests compare against.
#ifndef PALATE_TESTS_RUNTIME_REFERENCE_H_
#define PALATE_TESTS_RUNTIME_REFERENCE_H_

#include <cstddef>
#include <span>
#include <vector>

#include "palate/model_writer.h"
#include "palate/types.h"

namespace palate::testing {

using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;  ///< rows

/// Solves A x = b by Gaussian elimination with partial pivoting.
Vector reference_solve(Matrix a, Vector b);

Vector reference_item_vector(const ModelContents& contents, std::size_t row);

double reference_dot(const Vector& a, const Vector& b);

/// The A of a history whose events name distinct items (palate/encoder_views.h, FoldInView).
Matrix reference_system(const ModelContents& contents, std::span<const Event> history);

/// A^-1 sum_j w_j h_j.
Vector reference_user_vector(const ModelContents& contents, std::span<const Event> history);

/// The user vector of a history whose events name distinct items (palate/encoder_views.h,
/// ValueFoldInView).
Vector reference_value_vector(const ModelContents& contents, std::span<const Event> history);

/// The A of that history.
Matrix reference_value_system(const ModelContents& contents, std::span<const Event> history);

/// What an event brings to the right side of that system.
Vector reference_value_part(const ModelContents& contents, std::span<const Event> history,
                            const Event& event);

/// How many items other than that of `history[at]` were touched after it was touched last.
std::size_t reference_place(std::span<const Event> history, std::size_t at);

/// The c_j of each row of the catalogue (palate/encoder_views.h, HistoryWeightsView), 0 for a row
/// that the history lacks. Events may repeat items.
Vector reference_coefficients(const ModelContents& contents, const HistoryWeights& weights,
                              std::span<const Event> history);

/// sum_j c_j h_j of a weighted mean.
Vector reference_mean(const ModelContents& contents, std::span<const Event> history);

/// The W of item weights, zeros and all.
Matrix reference_weight_matrix(const ItemWeights& item_weights);

/// The score of an item by item weights.
double reference_score(const ModelContents& contents, const ItemWeights& item_weights,
                       std::span<const Event> history, std::size_t row);

/// How much each event's item counts for an affinity or a distance (the r_j of `FeatureView`).
Vector reference_shares(const ModelContents& contents, const FeatureView& feature,
                        std::span<const Event> history);

/// How much of item `row`'s categories another item has: sum of the w_c of both / of its own.
double reference_shared(const ModelContents& contents, const FeatureView& feature, std::size_t row,
                        std::size_t other);

/// The ranker's features, of a history whose events name distinct items.
Vector reference_features(const ModelContents& contents, const Vector& user_vector, std::size_t row,
                          std::span<const Event> history = {});

/// The MLP's output for an input row.
double reference_mlp(std::span<const DenseLayer> layers, Vector input);

/// The ranker's score of an item.
double reference_logit(const ModelContents& contents, const Vector& user_vector, std::size_t row,
                       std::span<const Event> history = {});

}  // namespace palate::testing

#endif  // PALATE_TESTS_RUNTIME_REFERENCE_H_
