// The user vector of a history, and what each item adds to it.
#include "runtime/fold_in.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "runtime/dot.h"

namespace palate::internal {

Result<FoldInEncoder> FoldInEncoder::create(const FoldInView& parameters,
                                            const MatrixView& item_vectors) {
  Result<FoldInSystem> system =
      FoldInSystem::create(item_vectors, parameters.gramian, parameters.unobserved_weight);
  if (!system) return system.error();
  FoldInEncoder encoder(parameters, item_vectors, std::move(*system));
  const std::size_t dimension = item_vectors.columns;
  if (Status status = encoder.right_side_.reserve(dimension); !status) return status.error();
  if (Status status = encoder.solution_.reserve(dimension); !status) return status.error();
  // Events only add to A, so where it is positive definite without any it always is.
  if (Status status = encoder.set_history({}); !status) return status.error();
  return encoder;
}

Status FoldInEncoder::set_history(std::span<const HistoryItem> history) {
  history_ = history;
  // An empty history regularises like one event: nobody asks for its (zero) user vector, but
  // `create` tests the file with it.
  const double scale = static_cast<double>(std::max<std::size_t>(history.size(), 1)) +
                       double{parameters_.unobserved_weight} * item_vectors_.rows;
  return system_.set(history,
                     parameters_.regularization * std::pow(scale, double{parameters_.exponent}));
}

Status FoldInEncoder::encode(std::span<float> user_vector) {
  const std::span<double> sum = right_side_.first(item_vectors_.columns);
  std::fill(sum.begin(), sum.end(), 0.0);
  for (const HistoryItem& item : history_) {
    const std::span<const float> row = item_vectors_.row(item.row);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += double{item.weight} * row[k];
  }
  return system_.solve(sum, user_vector);
}

Status FoldInEncoder::contributions(std::span<const double> gradient, std::span<float> amounts) {
  assert(amounts.size() == history_.size());
  const std::span<float> solution = solution_.first(item_vectors_.columns);
  if (Status status = system_.solve(gradient, solution); !status) return status;
  std::transform(history_.begin(), history_.end(), amounts.begin(), [&](const HistoryItem& item) {
    return item.weight * dot(item_vectors_.row(item.row).data(), solution);
  });
  return Done{};
}

}  // namespace palate::internal
