// What the ranker reads of a visitor and an item: a row of numbers.
#ifndef PALATE_RUNTIME_RANKER_INPUT_H_
#define PALATE_RUNTIME_RANKER_INPUT_H_

#include <cstddef>
#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/features.h"
#include "runtime/history.h"
#include "runtime/retrievers.h"
#include "runtime/visitor_features.h"

namespace palate::internal {

/// Whether a row is of the visitor whose history was set, or of one of whom nothing is known.
enum class VisitorKind : bool { kUnknown, kKnown };

/// Rows [user vector, item vector, features], or [features]: `RankerView`. Borrows the model and
/// the retrievers.
class RankerInput {
 public:
  /// `model` has a ranker.
  static Result<RankerInput> create(const Model& model, const Retrievers& retrievers);

  /// Takes the merged history in that was set in the retrievers.
  Status set_history(std::span<const HistoryItem> history) { return visitor_.set_history(history); }

  /// Takes the context of the visit in: row `row` of the cells of the model's columns, or with no
  /// columns nothing. It holds for whatever history.
  Status set_context(std::span<const CellsView> cells, std::size_t row);

  /// The columns of the context, among all features, with 0 for the others; empty where nothing is
  /// known of it.
  std::span<const float> context() const {
    return context_.first(hides_context_ ? 0 : context_size_);
  }

  /// As if nothing were known of it, until it is shown again.
  void hide_context(bool hides) { hides_context_ = hides; }

  std::size_t size() const { return ranker_->layers.front().inputs; }
  std::size_t first_feature() const { return size() - ranker_->features.size(); }

  /// The first part of a row; empty where rows are features alone.
  std::span<const float> user_vector() const;

  void write(ItemIndex item, VisitorKind visitor, std::span<float> row) const;

  /// A row without its user vector, and with zeros for the context.
  void write_without_user(ItemIndex item, VisitorKind visitor, std::span<float> rest) const;

  /// The same with zeros for all that depends on the visitor.
  void write_item(ItemIndex item, std::span<float> rest) const;

  /// The features that depend on the visitor, among all features.
  void write_visitor(ItemIndex item, VisitorKind visitor, float* features) const;

  /// The gradient of a score by the user vector, which stands in the row itself and in the score by
  /// vectors. For an encoder that makes one.
  void vector_gradient(ItemIndex item, std::span<const float> row_gradient,
                       std::span<double> gradient);

  /// Adds what each item of the history brings otherwise.
  Status add_contributions(ItemIndex item, std::span<const float> row_gradient,
                           std::span<float> amounts);

 private:
  RankerInput(const Model& model, const Retrievers& retrievers, ItemFeatures of_items,
              VisitorFeatures of_visitor)
      : ranker_(model.ranker()),
        item_vectors_(model.item_vectors()),
        retrievers_(&retrievers),
        items_(std::move(of_items)),
        visitor_(std::move(of_visitor)) {}

  const RankerView* ranker_;
  TableView item_vectors_;
  const Retrievers* retrievers_;
  ItemFeatures items_;
  VisitorFeatures visitor_;
  Buffer<float> item_vector_;
  Buffer<float> context_;
  std::size_t context_size_ = 0;
  bool hides_context_ = false;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_RANKER_INPUT_H_
