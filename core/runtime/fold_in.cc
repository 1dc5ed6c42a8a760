// The user vector of a history, and what each item adds to it.
#include "runtime/fold_in.h"

#include <algorithm>
#include <cassert>

#include "model/portable_math.h"
#include "runtime/dot.h"

namespace palate::internal {

Result<std::unique_ptr<UserEncoder>> FoldInEncoder::create(const FoldInView& parameters,
                                                           const TableView& item_vectors) {
  Result<FoldInSystem> system =
      FoldInSystem::create(item_vectors, parameters.gramian, parameters.unobserved_weight);
  if (!system) return system.error();
  std::unique_ptr<FoldInEncoder> encoder(
      new FoldInEncoder(parameters, item_vectors.rows, std::move(*system)));
  const std::size_t dimension = item_vectors.columns;
  if (Status status = encoder->right_side_.reserve(dimension); !status) return status.error();
  if (Status status = encoder->solution_.reserve(dimension); !status) return status.error();
  // Events only add to A, so where it is positive definite without any it always is.
  if (Status status = encoder->set_history({}); !status) return status.error();
  return std::unique_ptr<UserEncoder>(std::move(encoder));
}

Status FoldInEncoder::set_history(const MergedHistory& history) {
  history_ = history.items;
  // An empty history regularises like one event: nobody asks for its (zero) user vector, but
  // `create` tests the file with it.
  const double scale = static_cast<double>(std::max<std::size_t>(history_.size(), 1)) +
                       double{parameters_.unobserved_weight} * static_cast<double>(item_count_);
  return system_.set(
      history_, parameters_.regularization * portable_pow(scale, double{parameters_.exponent}));
}

Status FoldInEncoder::encode(std::span<float> user_vector) {
  const std::span<double> sum = right_side_.first(system_.dimension());
  std::fill(sum.begin(), sum.end(), 0.0);
  for (std::size_t j = 0; j < history_.size(); ++j) {
    const std::span<const float> vector = system_.vector(j);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += double{history_[j].weight} * vector[k];
  }
  return system_.solve(sum, user_vector);
}

Status FoldInEncoder::contributions(std::span<const double> gradient, std::span<float> amounts) {
  assert(amounts.size() == history_.size());
  const std::span<float> solution = solution_.first(system_.dimension());
  if (Status status = system_.solve(gradient, solution); !status) return status;
  for (std::size_t j = 0; j < history_.size(); ++j) {
    amounts[j] = history_[j].weight * dot(system_.vector(j).data(), solution);
  }
  return Done{};
}

}  // namespace palate::internal
