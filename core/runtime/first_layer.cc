// Two ways: one product of matrices for all that is not the visitor's, or rows that were kept.
#include "runtime/first_layer.h"

#include <algorithm>
#include <array>

#include "runtime/dot.h"
#include "runtime/mlp_forward.h"
#include "runtime/visitor_features.h"

namespace palate::internal {

Result<FirstLayer> FirstLayer::create(const Model& model) {
  const RankerView& ranker = *model.ranker();
  const std::size_t user_columns = ranker.reads_vectors() ? model.dimension() : 0;
  Result<PackedLayer> packed = PackedLayer::create(ranker.layers.front(), user_columns);
  if (!packed) return packed.error();
  FirstLayer first(model, std::move(*packed));
  if (Status status = first.reserve(model); !status) return status.error();
  return first;
}

Status FirstLayer::reserve(const Model& model) {
  Status status = base_.reserve(outputs());
  if (status) status = rows_.reserve(MlpForward::kBlockRows * packed_.inputs());
  if (status) status = kept_.reserve(*model.ranker(), model.item_count());
  return status && !kept_.empty() ? reserve_kept(*model.ranker()) : status;
}

Status FirstLayer::reserve_kept(const RankerView& ranker) {
  packed_.set_bias(base_.first(outputs()));  // zeros: the biases are the visitor's
  for (std::size_t f = 0; f < ranker.features.size(); ++f) {
    if (is_of_visitor(ranker.features[f].source)) visitor_features_.push_back(f);
  }
  Status status = visitor_weights_.reserve(visitor_features_.size() * outputs());
  if (!status) return status;
  float* weights = visitor_weights_.data();
  for (const std::size_t feature : visitor_features_) {
    const float* column = layer_.weights.data() + layer_.inputs - ranker.features.size() + feature;
    for (std::size_t o = 0; o < outputs(); ++o) *weights++ = column[o * layer_.inputs];
  }
  return status;
}

void FirstLayer::set_visitor(const RankerInput& input, VisitorKind visitor) {
  visitor_ = visitor;
  std::copy(layer_.bias.begin(), layer_.bias.end(), base_.data());
  if (visitor == VisitorKind::kKnown) add_to_base(0, input.user_vector());
  add_to_base(input.first_feature(), input.context());
  if (kept_.empty()) packed_.set_bias(base_.first(outputs()));
}

// What inputs from column `first` on make of the outputs.
void FirstLayer::add_to_base(std::size_t first, std::span<const float> inputs) {
  for (std::size_t o = 0; o < outputs(); ++o) {
    base_[o] += dot(layer_.weights.data() + o * layer_.inputs + first, inputs);
  }
}

void FirstLayer::run(const RankerInput& input, std::span<const ItemIndex> items, float* outputs) {
  if (kept_.empty()) {
    float* row = rows_.data();
    for (const ItemIndex item : items) {
      input.write_without_user(item, visitor_, {row, packed_.inputs()});
      row += packed_.inputs();
    }
    return packed_.run(items.size(), rows_.data(), outputs, rectifies_);
  }
  keep(input, items, outputs);
  for (const ItemIndex item : items) {
    kept_.add(item, base_.data(), rectifies_ && visitor_features_.empty(), outputs);
    finish(input, item, outputs);
    outputs += this->outputs();
  }
}

// Computes the rows that are not there yet; `outputs` is room for them.
void FirstLayer::keep(const RankerInput& input, std::span<const ItemIndex> items, float* outputs) {
  std::array<ItemIndex, MlpForward::kBlockRows> missing;
  std::size_t count = 0;
  for (const ItemIndex item : items) {
    if (kept_.has(item)) {
      kept_.fetch(item);
      continue;
    }
    input.write_item(item, {rows_.data() + count * packed_.inputs(), packed_.inputs()});
    missing[count++] = item;
  }
  packed_.run(count, rows_.data(), outputs, false);
  for (std::size_t i = 0; i < count; ++i) kept_.set(missing[i], outputs + i * this->outputs());
}

// Adds what visitor and item decide together.
void FirstLayer::finish(const RankerInput& input, ItemIndex item, float* outputs) {
  if (visitor_features_.empty()) return;
  input.write_visitor(item, visitor_, rows_.data());
  const std::size_t count = layer_.outputs;
  const float* weights = visitor_weights_.data();
  for (const std::size_t feature : visitor_features_) {
    add_scaled(weights, rows_[feature], {outputs, count});
    weights += count;
  }
  if (!rectifies_) return;
  for (std::size_t o = 0; o < count; ++o) outputs[o] = outputs[o] > 0 ? outputs[o] : 0;
}

}  // namespace palate::internal
