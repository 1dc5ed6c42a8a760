// Closed form and integrated gradients, by one formula.
#include "runtime/explain.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "runtime/dot.h"
#include "runtime/finite.h"

namespace palate::internal {

Result<Explainer> Explainer::create(const MatrixView& item_vectors, const MlpRanker* ranker) {
  Explainer explainer(item_vectors);
  if (Status status = explainer.reserve(ranker); !status) return status.error();
  if (ranker != nullptr) {
    Result<MlpGradient> gradient = MlpGradient::create(ranker->view().layers);
    if (!gradient) return gradient.error();
    explainer.mlp_gradient_ = std::move(*gradient);
  }
  return explainer;
}

Status Explainer::reserve(const MlpRanker* ranker) {
  if (Status status = gradient_.reserve(item_vectors_.columns); !status) return status;
  if (Status status = zero_user_.reserve(item_vectors_.columns); !status) return status;
  if (Status status = solution_.reserve(item_vectors_.columns); !status) return status;
  if (ranker == nullptr) return Done{};
  for (Buffer<float>* buffer : {&start_, &direction_, &input_gradient_}) {
    if (Status status = buffer->reserve(ranker->input_size()); !status) return status;
  }
  return Done{};
}

Result<Explanation> Explainer::explain(std::span<const HistoryItem> history,
                                       std::span<const float> user_vector, ItemIndex item,
                                       FoldInEncoder& encoder, MlpRanker* ranker) {
  assert((ranker != nullptr) == mlp_gradient_.has_value());
  const std::span<const float> item_vector = item_vectors_.row(to_row(item));
  Explanation explanation;
  if (ranker == nullptr) {
    explanation.score = dot(item_vector.data(), user_vector);
    std::copy(item_vector.begin(), item_vector.end(), gradient_.data());
  } else {
    if (Status status = score_ends(user_vector, item, *ranker, explanation); !status) {
      return status.error();
    }
    average_gradient(user_vector, item, *ranker);
  }
  const std::span<float> solution = solution_.first(item_vectors_.columns);
  if (Status status = encoder.solve(gradient_.first(item_vectors_.columns), solution); !status) {
    return status.error();
  }

  double sum = explanation.base;
  explanation.contributions.reserve(history.size());
  for (const HistoryItem& entry : history) {
    const float amount = entry.weight * dot(item_vectors_.row(entry.row).data(), solution);
    explanation.contributions.push_back({ItemIndex{entry.row}, amount});
    sum += amount;
  }
  explanation.remainder = static_cast<float>(explanation.score - sum);
  if (!std::isfinite(explanation.remainder)) return not_finite("an explanation");
  std::sort(explanation.contributions.begin(), explanation.contributions.end(),
            [](const Contribution& a, const Contribution& b) {
              return a.amount != b.amount ? a.amount > b.amount : a.item < b.item;
            });
  return explanation;
}

// The ranker's score of `item` for the visitor, and for a zero user vector.
Status Explainer::score_ends(std::span<const float> user_vector, ItemIndex item, MlpRanker& ranker,
                             Explanation& explanation) {
  const std::span<const float> zero_user = zero_user_.first(item_vectors_.columns);
  if (Status status = ranker.score(zero_user, {&item, 1}, {&explanation.base, 1}); !status) {
    return status;
  }
  return ranker.score(user_vector, {&item, 1}, {&explanation.score, 1});
}

// gradient_ = mean over t of d logit / d user vector at t * user_vector. The user vector stands in
// the input itself and, through the retrieval score, in the features.
void Explainer::average_gradient(std::span<const float> user_vector, ItemIndex item,
                                 const MlpRanker& ranker) {
  const std::size_t dimension = item_vectors_.columns;
  const std::span<const float> item_vector = item_vectors_.row(to_row(item));
  const std::span<float> start = start_.first(ranker.input_size());
  const std::span<float> direction = direction_.first(ranker.input_size());
  const std::span<float> input_gradient = input_gradient_.first(ranker.input_size());
  const std::span<float> score_slope = direction.last(ranker.features().size());

  ranker.write_input(zero_user_.first(dimension), item, start);
  std::fill(direction.begin(), direction.end(), 0.0F);
  std::copy(user_vector.begin(), user_vector.end(), direction.begin());
  ranker.features().write_score_slope(score_slope);
  const float retrieval_score = dot(item_vector.data(), user_vector);
  for (float& slope : score_slope) slope *= retrieval_score;
  mlp_gradient_->average(start, direction, input_gradient);

  ranker.features().write_score_slope(score_slope);
  double score_gradient = 0;
  for (std::size_t f = 0; f < score_slope.size(); ++f) {
    score_gradient += double{score_slope[f]} * input_gradient[2 * dimension + f];
  }
  for (std::size_t k = 0; k < dimension; ++k) {
    gradient_[k] = input_gradient[k] + score_gradient * item_vector[k];
  }
}

}  // namespace palate::internal
