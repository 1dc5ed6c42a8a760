// Amounts in order, and the gradient of a ranker's score along the way to a visitor.
#include "runtime/explain.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "runtime/finite.h"
#include "runtime/heap_sort.h"

namespace palate::internal {

Result<Explanation> explanation_of(float score, float base, std::span<const HistoryItem> history,
                                   std::span<const float> amounts) {
  assert(amounts.size() == history.size());
  Explanation explanation;
  explanation.score = score;
  explanation.base = base;
  double sum = base;
  explanation.contributions.reserve(history.size());
  for (std::size_t j = 0; j < history.size(); ++j) {
    explanation.contributions.push_back({ItemIndex{history[j].row}, amounts[j]});
    sum += amounts[j];
  }
  explanation.remainder = static_cast<float>(score - sum);
  if (!std::isfinite(explanation.remainder)) return not_finite("an explanation");
  heap_sort(std::span(explanation.contributions), [](const Contribution& a, const Contribution& b) {
    return a.amount != b.amount ? a.amount > b.amount : a.item < b.item;
  });
  return explanation;
}

Result<RankerGradient> RankerGradient::create(const Model& model, MlpRanker& ranker,
                                              RankerInput& input, Retrievers& retrievers) {
  Result<FloatLayers> layers = FloatLayers::create(model.ranker()->layers);
  if (!layers) return layers.error();
  Result<MlpGradient> mlp_gradient = MlpGradient::create(layers->views());
  if (!mlp_gradient) return mlp_gradient.error();
  RankerGradient gradient(model, ranker, input, retrievers, std::move(*layers),
                          std::move(*mlp_gradient));
  if (Status status = gradient.reserve(); !status) return status.error();
  return gradient;
}

Status RankerGradient::reserve() {
  if (Status status = vector_gradient_.reserve(dimension_); !status) return status;
  for (Buffer<float>* buffer : {&start_, &direction_, &row_gradient_}) {
    if (Status status = buffer->reserve(input_->size()); !status) return status;
  }
  return Done{};
}

Status RankerGradient::measure(ItemIndex item, std::span<float> amounts) {
  const std::size_t size = input_->size();
  const std::span<float> start = start_.first(size);
  const std::span<float> direction = direction_.first(size);
  const std::span<float> row_gradient = row_gradient_.first(size);
  input_->write(item, VisitorKind::kUnknown, start);
  input_->write(item, VisitorKind::kKnown, direction);
  Status scored = ranker_->score(*input_, {&item, 1}, {&base_, 1}, VisitorKind::kUnknown);
  if (scored) scored = ranker_->score(*input_, {&item, 1}, {&score_, 1});
  if (!scored) return scored;
  for (std::size_t i = 0; i < size; ++i) direction[i] -= start[i];
  (lent_ != nullptr ? *lent_ : mlp_gradient_).average(start, direction, row_gradient);

  std::fill(amounts.begin(), amounts.end(), 0.0F);
  if (VectorRetrieval* vectors = retrievers_->vectors()) {
    const std::span<double> vector_gradient = vector_gradient_.first(dimension_);
    input_->vector_gradient(item, row_gradient, vector_gradient);
    if (Status status = vectors->contributions(vector_gradient, amounts); !status) return status;
    const Result<float> vector_base = vectors->base(vector_gradient);
    if (!vector_base) return vector_base.error();
    base_ += *vector_base;
  }
  return input_->add_contributions(item, row_gradient, amounts);
}

}  // namespace palate::internal
