// Networks in a model file that read features: the ranker and the tabular model.
#ifndef PALATE_NETWORK_VIEWS_H_
#define PALATE_NETWORK_VIEWS_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "palate/encoder_views.h"
#include "palate/table_views.h"

namespace palate {

/// What brings a number to the size that a network expects: z = (f(x') - mean) * scale, with x' the
/// number brought into [minimum, maximum], what training has seen of it, and f(x') = sign(x')
/// log(1 + |x'|) where `logarithmic`, else x'.
struct NumberScale {
  bool logarithmic = false;
  float minimum = 0;
  float maximum = 0;
  float mean = 0;
  float scale = 1;
};

/// z; 0, which stands for the mean, where x is NaN.
float scaled(const NumberScale& scale, float x);

/// One column of a behaviour log, as a tabular model reads it. (A ranker's context is of columns
/// too; it has neither vectors nor weights.) It gives the network `width` inputs,
/// and the linear head one term x_j for each of `weights`:
///   kNumber    z and, with `has_missing`, 1 where the cell is missing, else 0: inputs and terms
///   kCategory  inputs: the sum of the rows of `vectors` that the cell names; terms: 1 for these
///              rows, 0 for all others
/// Behind the categories' rows stand two more: of any category that is not among them, and of a
/// cell that is missing.
struct TabularColumnView {
  std::string_view name;
  AttributeKind kind{};
  NumberScale scale;              ///< kNumber
  bool has_missing = false;       ///< kNumber: training has seen missing cells
  TextsView categories;           ///< kCategory: ascending, byte by byte
  MatrixView vectors;             ///< kCategory: (categories + 2) x width
  std::uint32_t first_input = 0;  ///< of its inputs among all
  std::uint32_t width = 0;
  std::span<const float> weights;

  std::uint32_t other_row() const { return static_cast<std::uint32_t>(categories.size()); }
  std::uint32_t missing_row() const { return other_row() + 1; }
  /// The row of a category; `other_row()` for one that the model does not know.
  std::uint32_t row_of(std::string_view category) const;
};

/// The largest of `RankerView::recency`: of an item that nobody has touched, which is as new as can
/// be.
inline constexpr std::uint8_t kMostRecent = 255;

/// What kRecency reads of `RankerView::recency`.
constexpr float recency_of(std::uint8_t byte) { return static_cast<float>(byte) / kMostRecent; }

enum class FeatureSource : std::uint8_t {
  kRetrievalScore,   ///< the score without the ranker
  kPopularity,       ///< log(1 + popularity)
  kNumber,           ///< a number attribute; the mean where missing
  kMissing,          ///< 1 where a number attribute is missing, else 0
  kCategory,         ///< 1 where the item has the category, else 0
  kFurtherScore,     ///< the score by one of the ranker's further retrievers
  kAffinity,         ///< how much of the history shares the item's categories
  kDistance,         ///< how far the item's number is from those of the history
  kHistoryLength,    ///< log(1 + |S|)
  kContextNumber,    ///< z of a number of the context, 0 where missing
  kContextKnown,     ///< 1 where a number of the context is not missing, else 0
  kContextCategory,  ///< 1 where the context has the category, else 0
  kRecency           ///< how late in the log the item's interactions lie, 0 to 1
};

/// One column of the ranker's features: (x - mean) * scale. Where a score s by item
/// weights is the x and gain > 0, x = log(1 + gain * max(s, 0)).
///
/// For kAffinity and kDistance the history counts by place: r_j = decay^place_j, over the sum of
/// these, j in the part of S where the attribute is not missing (none: r is empty). With C_i the
/// categories of item i, n_c the number of items in category c and w_c = log(1 + n / n_c):
///   affinity = sum_j r_j sum_{c in C_i and C_j} w_c / sum_{c in C_i} w_c, 0 where C_i is empty
///   distance = sum_j r_j |number_i - number_j|, the mean where number_i is missing or r is empty
///
/// Those of the context have a mean of 0 and a scale of 1, so where nothing is known they are all
/// 0.
struct FeatureView {
  FeatureSource source{};
  std::uint32_t attribute = 0;  ///< row of the attributes or of the context's columns
  std::uint32_t category = 0;   ///< row of its categories, for kCategory and kContextCategory
  float mean = 0;
  float scale = 1;
  std::uint32_t retriever = 0;  ///< row of the ranker's further retrievers, for kFurtherScore
  float gain = 0;               ///< >= 0
  float decay = 1;              ///< in (0, 1]
};

/// Candidates of one or several retrievers, and an MLP that scores them; ReLU between layers, one
/// output: a logit, or where the encoder is kValueFoldIn a value. The encoder's best item comes
/// first, then the best of each further retriever, then all their second best and so on, each item
/// once, until there are `candidates`. layers.front() takes [user vector, item vector, features]
/// or the features alone: where the encoder is kItemWeights, and where its inputs are no more.
/// layers.back().outputs == 1. Layers between the first and the last may be quantised.
///
/// What the item vector and the features that do not depend on the visitor add to an output of the
/// first layer is, with `rounds_item_half`, rounded to 8 bits: a whole number of -127 to 127 times
/// a scale, for each item the largest magnitude of these over 127.
struct RankerView {
  std::span<const DenseLayerView> layers;
  std::span<const FeatureView> features;
  std::uint32_t candidates = 0;
  std::span<const ItemWeightsView> retrievers;  ///< beside the encoder
  bool rounds_item_half = false;
  std::span<const TabularColumnView> context;  ///< what is known of a visit, for the features of it
  /// One an item, for kRecency: `kMostRecent` times the mean, over its interactions, of the share
  /// of the log's that are older, where those of the same time count half.
  std::span<const std::uint8_t> recency = {};

  bool reads_vectors() const { return layers.front().inputs > features.size(); }
};

enum class TabularTarget : std::uint8_t { kProbability, kValue };

/// Scores rows of columns (a click log's: one row an example) by two models of the same label. The
/// network, an MLP with ReLU between its layers and one output, is given all columns' inputs; the
/// linear head is R = bias + sum_j w_j x_j over all columns' terms. Both are logits of the label, p
/// = 1 / (1 + exp(-logit)), or with kValue the label's value.
struct TabularView {
  std::string_view label;
  TabularTarget target{};
  std::span<const TabularColumnView> columns;
  std::span<const float> average;  ///< the mean of each input over the rows of the training
  std::span<const DenseLayerView> layers;
  float bias = 0;
};

}  // namespace palate

#endif  // PALATE_NETWORK_VIEWS_H_
