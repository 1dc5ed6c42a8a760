// The ranker's features that depend on the visitor: scores, and what the history has to do with the
// item.
#ifndef PALATE_RUNTIME_VISITOR_FEATURES_H_
#define PALATE_RUNTIME_VISITOR_FEATURES_H_

#include <cstddef>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/history.h"
#include "runtime/retrievers.h"
#include "runtime/score_offset.h"

namespace palate::internal {

/// Whether a feature depends on the visitor's history.
constexpr bool is_of_visitor(FeatureSource source) {
  return source == FeatureSource::kRetrievalScore ||
         (source >= FeatureSource::kFurtherScore && source <= FeatureSource::kHistoryLength);
}

/// Fills the columns of these features and leaves the others alone. Borrows all it is given.
class VisitorFeatures {
 public:
  static Result<VisitorFeatures> create(const Model& model, std::span<const FeatureView> features);

  /// Takes a merged history in, which must stay as it is while anything below is asked.
  Status set_history(std::span<const HistoryItem> history);

  /// Writes the columns of an item for the history that was set here and in `retrievers`.
  void write(const Retrievers& retrievers, ItemIndex item, std::span<float> columns) const;

  /// Writes the columns of an item for a visitor of whom nothing is known.
  void write_unknown(ItemIndex item, std::span<float> columns) const;

  /// Writes zeros.
  void clear(std::span<float> columns) const {
    for (const Column& column : of_visitor()) columns[column.index] = 0;
  }

  /// Adds to `amounts` what each item of the history makes the columns of `item` differ from those
  /// of an unknown visitor, times the column's gradient. The score by vectors is left out: it is
  /// the user vector's.
  Status add_contributions(const Retrievers& retrievers, ItemIndex item,
                           std::span<const float> gradient, std::span<float> amounts);

 private:
  /// A feature of the visitor.
  struct Column {
    std::size_t index = 0;       ///< among the features
    std::size_t categories = 0;  ///< kAffinity: where those of the attribute begin
    std::size_t part = 0;        ///< kAffinity, kDistance: of shares_
  };

  VisitorFeatures(const Model& model, std::span<const FeatureView> features)
      : model_(&model), features_(features), offset_(model) {}

  Status reserve();
  std::span<const Column> of_visitor() const { return columns_.first(column_count_); }
  void set_shares(const Column& column);
  const AttributeView& attribute_of(const Column& column) const {
    return model_->attributes()[features_[column.index].attribute];
  }
  const float* shares_of(const Column& column) const {
    return shares_.data() + column.part * history_.size();
  }
  float column(const Column& column, const Retrievers& retrievers, ItemIndex item) const;
  double affinity(const Column& column, ItemIndex item) const;
  double distance(const Column& column, ItemIndex item) const;
  double weight(const Column& column, ItemIndex item) const;
  double shared_weight(const Column& column, ItemIndex item, ItemIndex other) const;
  Status add_score(Retrieval& retrieval, const FeatureView& feature, ItemIndex item,
                   double gradient, std::span<float> amounts);
  void add_shares(const Column& column, ItemIndex item, double gradient, std::span<float> amounts);

  const Model* model_;
  std::span<const FeatureView> features_;
  ScoreOffset offset_;
  Buffer<Column> columns_;
  std::size_t column_count_ = 0;
  std::size_t parts_ = 0;
  std::size_t category_count_ = 0;
  std::span<const HistoryItem> history_;
  Buffer<float> category_weights_;  // the w_c
  Buffer<float> profile_;           // the share of the history that has a category
  Buffer<float> shares_;            // the r_j of each part
  Buffer<double> powers_;           // of a decay, by place
  Buffer<float> score_parts_;       // of a score, by the history's items
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_VISITOR_FEATURES_H_
