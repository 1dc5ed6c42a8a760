// The parts of a row, each from where it is known.
#include "runtime/ranker_input.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "runtime/context.h"
#include "runtime/tabular_inputs.h"

namespace palate::internal {

Result<RankerInput> RankerInput::create(const Model& model, const Retrievers& retrievers) {
  const std::span<const FeatureView> features = model.ranker()->features;
  Result<ItemFeatures> of_items = ItemFeatures::create(model, features);
  if (!of_items) return of_items.error();
  Result<VisitorFeatures> of_visitor = VisitorFeatures::create(model, features);
  if (!of_visitor) return of_visitor.error();
  RankerInput input(model, retrievers, std::move(*of_items), std::move(*of_visitor));
  if (Status status = input.item_vector_.reserve(model.dimension()); !status) return status.error();
  return input;
}

Status RankerInput::set_context(std::span<const CellsView> cells, std::size_t row) {
  context_size_ = 0;
  if (cells.empty()) return Done{};
  if (Status status = check_cells(ranker_->context, cells, row, row + 1); !status) return status;
  const std::span<const FeatureView> features = ranker_->features;
  if (Status status = context_.reserve(features.size()); !status) return status;
  bool is_known = false;
  for (std::size_t f = 0; f < features.size(); ++f) {
    if (!is_of_context(features[f].source)) continue;
    const std::uint32_t column = features[f].attribute;
    context_[f] = context_column(features[f], ranker_->context[column].scale, cells[column], row);
    is_known |= context_[f] != 0;
  }
  if (is_known) context_size_ = features.size();
  return Done{};
}

std::span<const float> RankerInput::user_vector() const {
  if (!ranker_->reads_vectors()) return {};
  return retrievers_->vectors()->user_vector();
}

void RankerInput::write(ItemIndex item, VisitorKind visitor, std::span<float> row) const {
  assert(row.size() == size());
  const std::span<const float> vector = user_vector();
  if (visitor == VisitorKind::kKnown) {
    std::copy(vector.begin(), vector.end(), row.begin());
  } else {
    std::fill_n(row.begin(), vector.size(), 0.0F);
  }
  write_without_user(item, visitor, row.subspan(vector.size()));
  float* features = row.data() + first_feature();
  for (const float x : context()) *features++ += x;
}

void RankerInput::write_without_user(ItemIndex item, VisitorKind visitor,
                                     std::span<float> rest) const {
  write_item(item, rest);
  write_visitor(item, visitor, rest.data() + rest.size() - items_.size());
}

void RankerInput::write_item(ItemIndex item, std::span<float> rest) const {
  const std::span<float> columns = rest.last(items_.size());
  if (rest.size() > columns.size()) {
    item_vectors_.read(to_row(item), rest.first(item_vectors_.columns));
  }
  items_.write(item, columns);
  visitor_.clear(columns);
}

void RankerInput::write_visitor(ItemIndex item, VisitorKind visitor, float* features) const {
  const std::span<float> columns{features, items_.size()};
  if (visitor == VisitorKind::kKnown) {
    visitor_.write(*retrievers_, item, columns);
  } else {
    visitor_.write_unknown(item, columns);
  }
}

void RankerInput::vector_gradient(ItemIndex item, std::span<const float> row_gradient,
                                  std::span<double> gradient) {
  assert(gradient.size() == item_vectors_.columns && row_gradient.size() == size());
  double score_gradient = 0;
  for (std::size_t f = 0; f < ranker_->features.size(); ++f) {
    const FeatureView& feature = ranker_->features[f];
    if (feature.source != FeatureSource::kRetrievalScore) continue;
    score_gradient += double{feature.scale} * row_gradient[first_feature() + f];
  }
  const std::span<float> item_vector = item_vector_.first(gradient.size());
  item_vectors_.read(to_row(item), item_vector);
  for (std::size_t k = 0; k < gradient.size(); ++k) {
    const double direct = ranker_->reads_vectors() ? row_gradient[k] : 0;
    gradient[k] = direct + score_gradient * item_vector[k];
  }
}

Status RankerInput::add_contributions(ItemIndex item, std::span<const float> row_gradient,
                                      std::span<float> amounts) {
  return visitor_.add_contributions(*retrievers_, item, row_gradient.subspan(first_feature()),
                                    amounts);
}

}  // namespace palate::internal
