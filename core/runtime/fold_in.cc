// Assembling, factoring and refining the system of a history.
#include "runtime/fold_in.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <utility>

#include "runtime/dot.h"
#include "runtime/triangle.h"

namespace palate::internal {
namespace {

// Refinement shrinks the error by about the ratio of one correction to the solution, so below this
// ratio the next correction would be lost in the rounding of the result.
constexpr double kSmallCorrection = 1e-3;
constexpr int kMaxCorrections = 12;

double squared_norm(std::span<const float> vector) {
  double sum = 0;
  for (const float x : vector) sum += double{x} * x;
  return sum;
}

void round(std::span<const double> from, std::span<float> to) {
  std::transform(from.begin(), from.end(), to.begin(),
                 [](double x) { return static_cast<float>(x); });
}

Error no_solution(const std::string& what) {
  return {ErrorCode::kModelMeaning, "fold-in has no reliable solution: " + what +
                                        "; train the model again with a stronger regularization"};
}

}  // namespace

Result<FoldInEncoder> FoldInEncoder::create(const FoldInView& parameters,
                                            const MatrixView& item_vectors) {
  FoldInEncoder encoder(parameters, item_vectors);
  if (Status status = encoder.reserve(); !status) return status.error();
  // Events only add to A, so where it is positive definite without any it always is.
  if (Status status = encoder.set_history({}); !status) return status.error();
  return encoder;
}

Status FoldInEncoder::reserve() {
  const std::size_t dimension = item_vectors_.columns;
  for (Buffer<double>* buffer : {&right_side_, &point_, &residual_}) {
    if (Status status = buffer->reserve(dimension); !status) return status;
  }
  for (Buffer<float>* buffer : {&correction_, &solution_}) {
    if (Status status = buffer->reserve(dimension); !status) return status;
  }
  if (Status status = panel_.reserve(kOuterProducts * dimension); !status) return status;
  return factor_.reserve(triangle_size(dimension));
}

Status FoldInEncoder::set_history(std::span<const HistoryItem> history) {
  history_ = history;
  // An empty history regularises like one event: nobody asks for its (zero) user vector, but
  // `create` tests the file with it.
  const double scale = static_cast<double>(std::max<std::size_t>(history.size(), 1)) +
                       double{parameters_.unobserved_weight} * item_vectors_.rows;
  ridge_ = parameters_.regularization * std::pow(scale, double{parameters_.exponent});
  assemble();
  const std::size_t dimension = item_vectors_.columns;
  if (!factor_cholesky(factor_.first(triangle_size(dimension)), dimension,
                       panel_.first(kOuterProducts * dimension))) {
    return no_solution("its matrix is not positive definite");
  }
  return Done{};
}

void FoldInEncoder::assemble() {
  const std::size_t dimension = item_vectors_.columns;
  const std::span<float> a = factor_.first(triangle_size(dimension));
  for (std::size_t entry = 0; entry < a.size(); ++entry) {
    a[entry] = parameters_.unobserved_weight * parameters_.gramian[entry];
  }
  for (std::size_t k = 0; k < dimension; ++k) {
    a[triangle_row(k) + k] += static_cast<float>(ridge_);
  }
  for (std::size_t first = 0; first < history_.size(); first += kOuterProducts) {
    OuterProducts vectors;
    OuterScales scales{};
    for (std::size_t q = 0; q < kOuterProducts; ++q) {
      const HistoryItem& item = history_[std::min(first + q, history_.size() - 1)];
      vectors[q] = item_vectors_.row(item.row).data();
      if (first + q < history_.size()) scales[q] = item.weight;
    }
    add_outer_products(a, dimension, 0, vectors, scales);
  }
}

// residual_ = right_side - A solution, with A taken from its definition, not from its rounded sum.
void FoldInEncoder::residual(std::span<const double> right_side, std::span<const float> solution) {
  const std::size_t dimension = item_vectors_.columns;
  const std::span<double> x = point_.first(dimension);
  const std::span<double> r = residual_.first(dimension);
  for (std::size_t k = 0; k < dimension; ++k) {
    x[k] = solution[k];
    r[k] = right_side[k] - ridge_ * x[k];
  }
  add_product(parameters_.gramian, -double{parameters_.unobserved_weight}, x, r);
  for (const HistoryItem& item : history_) {
    const float* row = item_vectors_.row(item.row).data();
    const double scale = item.weight * wide_dot(row, x);
    for (std::size_t k = 0; k < dimension; ++k) r[k] -= scale * double{row[k]};
  }
}

Status FoldInEncoder::solve(std::span<const double> right_side, std::span<float> solution) {
  const std::size_t dimension = item_vectors_.columns;
  assert(right_side.size() == dimension && solution.size() == dimension);
  const std::span<const float> factor = factor_.first(triangle_size(dimension));
  const std::span<float> correction = correction_.first(dimension);
  round(right_side, solution);
  solve_cholesky(factor, solution);
  for (int step = 0; step < kMaxCorrections; ++step) {
    residual(right_side, solution);
    round(residual_.first(dimension), correction);
    solve_cholesky(factor, correction);
    for (std::size_t k = 0; k < dimension; ++k) solution[k] += correction[k];
    const double change = squared_norm(correction);
    const double size = squared_norm(solution);
    if (!std::isfinite(change) || !std::isfinite(size)) break;
    if (change <= kSmallCorrection * kSmallCorrection * size) return Done{};
  }
  return no_solution("its matrix is too close to a singular one");
}

Status FoldInEncoder::encode(std::span<float> user_vector) {
  const std::span<double> sum = right_side_.first(item_vectors_.columns);
  std::fill(sum.begin(), sum.end(), 0.0);
  for (const HistoryItem& item : history_) {
    const std::span<const float> row = item_vectors_.row(item.row);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += double{item.weight} * row[k];
  }
  return solve(sum, user_vector);
}

Status FoldInEncoder::contributions(std::span<const double> gradient, std::span<float> amounts) {
  assert(amounts.size() == history_.size());
  const std::span<float> solution = solution_.first(item_vectors_.columns);
  if (Status status = solve(gradient, solution); !status) return status;
  std::transform(history_.begin(), history_.end(), amounts.begin(), [&](const HistoryItem& item) {
    return item.weight * dot(item_vectors_.row(item.row).data(), solution);
  });
  return Done{};
}

}  // namespace palate::internal
