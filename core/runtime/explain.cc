// Amounts in order, and the gradient of a ranker's score along the way to a visitor.
#include "runtime/explain.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "runtime/best_picks.h"
#include "runtime/dot.h"
#include "runtime/finite.h"

namespace palate::internal {

Result<Explanation> explanation_of(float score, float base, std::span<const HistoryItem> history,
                                   std::span<const float> amounts) {
  assert(amounts.size() == history.size());
  Explanation explanation{.score = score, .base = base, .remainder = 0, .contributions = {}};
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

Result<RankerGradient> RankerGradient::create(const Model& model, MlpRanker& ranker) {
  Result<MlpGradient> mlp_gradient = MlpGradient::create(ranker.view().layers);
  if (!mlp_gradient) return mlp_gradient.error();
  RankerGradient gradient(model, ranker, std::move(*mlp_gradient));
  if (Status status = gradient.reserve(); !status) return status.error();
  return gradient;
}

Status RankerGradient::reserve() {
  if (Status status = gradient_.reserve(dimension_); !status) return status;
  if (Status status = zero_user_.reserve(dimension_); !status) return status;
  for (Buffer<float>* buffer : {&start_, &direction_, &input_gradient_}) {
    if (Status status = buffer->reserve(ranker_->input_size()); !status) return status;
  }
  return Done{};
}

Status RankerGradient::measure(std::span<const float> user_vector, ItemIndex item) {
  const std::span<const float> zero_user = zero_user_.first(dimension_);
  if (Status status = ranker_->score(zero_user, {&item, 1}, {&base_, 1}); !status) return status;
  if (Status status = ranker_->score(user_vector, {&item, 1}, {&score_, 1}); !status) {
    return status;
  }
  average(user_vector, item);
  return Done{};
}

// gradient_ = mean over t of d logit / d user vector at t * user_vector. The user vector stands in
// the input itself and, through the retrieval score, in the features.
void RankerGradient::average(std::span<const float> user_vector, ItemIndex item) {
  const std::span<float> start = start_.first(ranker_->input_size());
  const std::span<const float> item_vector = start.subspan(dimension_, dimension_);
  const std::span<float> direction = direction_.first(ranker_->input_size());
  const std::span<float> input_gradient = input_gradient_.first(ranker_->input_size());
  const std::span<float> score_slope = direction.last(ranker_->features().size());

  ranker_->write_input(zero_user_.first(dimension_), item, start);
  std::fill(direction.begin(), direction.end(), 0.0F);
  std::copy(user_vector.begin(), user_vector.end(), direction.begin());
  ranker_->features().write_score_slope(score_slope);
  const float score_change = dot(item_vector.data(), user_vector);  // from the zero user vector's
  for (float& slope : score_slope) slope *= score_change;
  mlp_gradient_.average(start, direction, input_gradient);

  ranker_->features().write_score_slope(score_slope);
  double score_gradient = 0;
  for (std::size_t f = 0; f < score_slope.size(); ++f) {
    score_gradient += double{score_slope[f]} * input_gradient[2 * dimension_ + f];
  }
  for (std::size_t k = 0; k < dimension_; ++k) {
    gradient_[k] = input_gradient[k] + score_gradient * item_vector[k];
  }
}

}  // namespace palate::internal
